"""The main job, walked as a studio's people walk it: bring, train, approve, generate, make again, take away."""
