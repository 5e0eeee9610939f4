// Answers on their way. Each is kept under its lease until the server has it; sent twice, a lease gets the same receipt.
import { call } from '../api.js';
import { drop, keep, kept, keptNames } from './kept.js';

export class Outbox {
  constructor(project, { taken, refused, arrived, stuck }) {
    this.prefix = `pending.${project}.`;
    this.told = { taken, refused, arrived, stuck };
    this.sending = null;
    const before = keptNames(this.prefix).map(kept).filter(Boolean).sort((one, other) => one.at - other.at);
    this.entries = new Map(before.map((entry) => [entry.task.lease, entry])); // by lease, the oldest first
  }

  waiting() {
    return [...this.entries.values()];
  }

  holds(lease) {
    return this.entries.has(lease);
  }

  add(entry) {
    this.entries.set(entry.task.lease, entry);
    keep(this.prefix + entry.task.lease, { ...entry, at: Date.now() });
  }

  forget(lease) {
    this.entries.delete(lease);
    drop(this.prefix + lease);
  }

  // Takes an answer back that has not left yet; false where it is too late.
  recall({ task }) {
    if (!this.holds(task.lease) || this.sending === task.lease) return false;
    this.forget(task.lease);
    return true;
  }

  async send() {
    if (this.sending) return;
    try {
      for (let [entry] = this.waiting(); entry; [entry] = this.waiting()) {
        this.sending = entry.task.lease;
        await this.deliver(entry);
        this.forget(entry.task.lease);
      }
      this.sending = null;
      this.told.arrived();
    } catch (problem) {
      this.sending = null;
      this.told.stuck(problem);
    }
  }

  async deliver(entry) {
    try {
      const receipt = await call('POST', `/api/tasks/${entry.task.task}/judgements`, entry.body);
      this.told.taken(entry, receipt.judgement);
    } catch (problem) {
      if (problem.status === 0 || problem.status === 401 || problem.status >= 500) throw problem;
      this.told.refused(entry, problem);
    }
  }
}
