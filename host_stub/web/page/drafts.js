// The secrets that were typed for a check that did not go well, so that they need not be typed again. In this page's
// memory only: a reload forgets them, and an accepted check does.

const drafts = new Map();

export const keepSecrets = (check, secrets) => drafts.set(check, secrets);
export const secretsOf = (check) => drafts.get(check) ?? {};
export const forgetSecrets = (check) => drafts.delete(check);
