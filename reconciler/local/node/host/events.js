"use strict";
// Events of cases, most of which is the sample event of their trigger: told once, and copied for each.

class Events {
  constructor() {
    this.samples = { __proto__: null };
  }

  /** What the sample event of a trigger is. */
  learn({ trigger, event }) {
    this.samples[trigger] = event;
  }

  /** The event of a job, told as one entry for each of its keys: [key] as in the sample event, or [key, value]. */
  whole({ trigger, event }) {
    const made = {};
    for (const [key, ...own] of event) made[key] = own.length ? own[0] : copied(this.samples[trigger][key]);
    return made;
  }
}

function copied(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  const made = {};
  for (const key in value) made[key] = copied(value[key]);
  return made;
}

module.exports = { Events };
