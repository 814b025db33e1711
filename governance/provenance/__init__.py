"""Where a picture or a model comes from, said inside the file: C2PA claims, OpenSSF model signatures, ML-BOMs."""
