import { copyFrom, h, icon } from './dom.js';

/** A block of code under its language and a copy button; while it is open its text only grows. */
export class CodeBlock {
  #text = document.createTextNode('');
  #language = h('span', { class: 'language' });
  #length = 0;

  constructor(fence) {
    const button = h('button', { type: 'button', class: 'copy-code', 'aria-label': 'Copy code' }, icon('copy'), h('span', {}, 'Copy'));
    button.addEventListener('click', () => copyFrom(button, this.#text.data));
    this.node = h('figure', { class: 'code' },
      h('figcaption', {}, this.#language, button),
      h('pre', { tabindex: '0' }, h('code', {}, this.#text)));
    this.update(fence);
  }

  /** `fence`: { language, code, closed }. */
  update({ language, code, closed }) {
    this.#language.textContent = language || 'text';
    if (code.length >= this.#length && !closed) this.#text.appendData(code.slice(this.#length));
    else if (code !== this.#text.data) this.#text.data = code;
    this.#length = code.length;
  }
}
