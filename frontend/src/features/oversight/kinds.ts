/** Every kind of entry, as the ledger's closed vocabulary has them (`governance/audit/events.py`; a house test compares). */
export const KINDS = [
  "tenant.founded",
  "project.created",
  "person.added", "person.password_changed",
  "role.granted", "role.revoked",
  "token.issued", "token.revoked",
  "session.opened", "session.refused",
  "dataset.created", "dataset.item_added", "dataset.item_refused", "dataset.item_removed", "dataset.captioned", "dataset.frozen",
  "training.started", "training.refused", "training.sample_withheld", "training.paused", "training.resumed", "training.finished", "training.failed", "training.cancelled",
  "model.registered", "model.moved", "model.evaluated", "model.decided", "model.retired",
  "generation.submitted", "generation.refused", "generation.completed", "generation.withheld", "generation.failed", "generation.cancelled", "generation.replay_asked", "generation.replayed",
  "asset.downloaded", "asset.withdrawn",
  "view.opened", "view.closed",
  "exit.requested", "exit.assembled", "exit.refused", "exit.handed_over",
  "keys.destroy_asked",
  "policy.changed",
] as const; // prettier-ignore
