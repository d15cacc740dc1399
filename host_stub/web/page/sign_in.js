// A sign-in at the platform, in a window of its own, while a check waits for it.
import {post} from '/api.js';
import {button, h, link, say, their} from '/dom.js';

const kGlance = 500;  // ms

export class SignIn {
  #window = null;
  #watch = 0;

  constructor(check) {
    this.check = check;
    this.element = h('section', {class: 'panel sign-in', hidden: true, tabindex: '-1', 'aria-labelledby': 'sign-in-title'});
  }

  // Events of the check: there is something to be opened, or no longer.
  tell({event, url, host, user_code: code}) {
    clearInterval(this.#watch);
    this.element.hidden = event !== 'sign_in';
    if (this.element.hidden) return this.element.replaceChildren();
    this.note = h('p', {class: 'hint', role: 'status'});
    const open = button(`Sign in at ${host}`, () => this.#open(url), {class: 'primary', 'data-focus': true});
    const shown = code
        ? [h('p', {}, 'Open this address, here or on another device, and enter the code there.'),
          h('p', {class: 'code'}, h('span', {class: 'unseen'}, 'Code: '), h('strong', {}, their(code))),
          h('p', {class: 'fine'}, link(url, url, {target: '_blank', rel: 'noopener noreferrer'}))]
        : [h('p', {}, 'The platform wants a person to sign in. It opens in a window of its own; this page goes on by itself.')];
    this.element.replaceChildren(h('h2', {id: 'sign-in-title'}, 'Sign in at ', their(host)), ...shown,
        h('div', {class: 'actions'}, open), this.note, ...(code ? [] : [this.#paste()]));
    say(`Sign in at ${host}.`);
    if (this.element.isConnected) open.focus();
  }

  // The platform's page gets no handle of this one. Some platforms hide their window from us, which looks as if it was closed.
  #open(url) {
    this.#window?.close();
    this.#window = window.open('about:blank', '_blank');
    if (!this.#window) {
      this.note.textContent = 'The browser did not open a window. Allow windows for this page, then try again.';
      return;
    }
    this.#window.opener = null;
    this.#window.location.replace(url);
    this.note.textContent = 'Waiting for the sign-in in the other window.';
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      if (!this.#window.closed) return;
      clearInterval(this.#watch);
      this.note.textContent = 'The other window was closed, or hides from this page. '
          + 'If you have not signed in yet, open it again or cancel.';
    }, kGlance);
  }

  // Where the browser cannot reach the console at the address that the platform sends it to, as through a tunnel.
  #paste() {
    const address = h('input', {type: 'text', id: 'sign-in-address', autocomplete: 'off', spellcheck: 'false'});
    const go = async (event) => {
      event.preventDefault();
      try {
        await post(`checks/${this.check}/return`, {address: address.value});
      } catch (error) {
        this.note.textContent = `${error.message} ${error.remedy ?? ''}`;
      }
    };
    return h('details', {}, h('summary', {}, 'The window ends at a page that cannot be opened?'),
        h('form', {onsubmit: go}, h('label', {for: 'sign-in-address'}, 'Copy the address of that window and paste it here'), address,
            h('div', {class: 'actions'}, h('button', {type: 'submit'}, 'Go on'))));
  }
}
