import fc from "fast-check";

/*
 * `npm test` plays the same worlds each time, so that what it says is about the change in hand. Longer
 * searches play others each time; what they find names its seed, and COMETFORM_SEED plays it again.
 */

const { COMETFORM_SEED: seed, COMETFORM_WORLDS: worlds } = process.env;

if (seed !== undefined || worlds === undefined) fc.configureGlobal({ seed: Number(seed ?? 1) });
