// The secrets that were typed for a check, so that they need not be typed again until something is saved. In this page's
// memory only: a reload forgets them.

const drafts = new Map();

export const keepSecrets = (check, secrets) => drafts.set(check, secrets);
export const hasSecrets = (check) => drafts.has(check);
export const secretsOf = (check) => drafts.get(check) ?? {};
export function forgetSecrets() {
  drafts.clear();
  keepForm(null);
}

// What stands in the form of a new integration, half filled, while its user looks at another page; null: nothing.
let form = null;
export const keepForm = (draft) => { form = draft; };
export const keptForm = () => form;

// Where a check is followed; `what` names the screen that it leads back to, where it is not the usual one.
export const checkAddress = (check, what = 'edit') => `#/checks/${check}${what === 'edit' ? '' : `?what=${what}`}`;
