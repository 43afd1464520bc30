import { copyFrom, h, iconButton } from './dom.js';
import { fit, isSend } from './keys.js';

/** A user's message on the page; it can be edited in place and sent again from there. */
export class QuestionView {
  #bubble = h('div', { class: 'bubble' });
  #actions;
  #editor = null;

  /** `actions`: resend(text). */
  constructor(question, actions) {
    this.question = question;
    this.actions = actions;
    this.#bubble.textContent = question.content;
    const copy = iconButton('copy', 'Copy message', () => copyFrom(copy, question.content));
    this.#actions = h('div', { class: 'actions' }, copy, iconButton('edit', 'Edit message', () => this.edit()));
    this.node = h('article', { class: 'question' }, h('h2', { class: 'off-screen' }, 'You'), this.#bubble, this.#actions);
  }

  edit() {
    if (this.#editor) return;
    const box = h('textarea', { 'aria-label': 'Edit message', dir: 'auto' });
    box.value = this.question.content;
    box.addEventListener('input', () => fit(box));
    box.addEventListener('keydown', (event) => {
      if (isSend(event)) {
        event.preventDefault();
        this.#resend(box.value);
      } else if (event.key === 'Escape') {
        event.stopPropagation();
        this.#close();
      }
    });
    this.#editor = h('div', { class: 'editor' }, box,
      h('p', {}, 'What follows this message is replaced.'),
      h('div', { class: 'buttons' },
        h('button', { type: 'button', onclick: () => this.#close() }, 'Cancel'),
        h('button', { type: 'button', class: 'primary', onclick: () => this.#resend(box.value) }, 'Send again')));
    this.node.classList.add('editing');
    this.node.append(this.#editor);
    fit(box);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  /** A question never changes once it is on the page: an edited one is a new one. */
  update() {}

  #resend(text) {
    if (text.trim()) this.actions.resend(text);
  }

  #close() {
    this.#editor?.remove();
    this.#editor = null;
    this.node.classList.remove('editing');
    this.actions.closed();
  }
}
