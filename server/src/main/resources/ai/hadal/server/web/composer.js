import { byId } from './dom.js';
import { count } from './figures.js';
import { fit, isSend, phone } from './keys.js';
import { THINKING } from './request.js';

/** The box a message is written in, with the thinking mode, the send or stop button and the context's gauge. */
export class Composer {
  #box = byId('message');
  #button = byId('send');
  #modes = [...document.querySelectorAll('input[name=thinking]')];
  #running = false;
  #draftTimer = 0;

  /** `actions`: send(text), stop(), editLast(), turnPage(direction), mode(name), draft(text). */
  constructor(actions) {
    this.actions = actions;
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#running) actions.stop();
      else this.#send();
    });
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('input', () => this.#changed());
    for (const mode of this.#modes) mode.addEventListener('change', () => actions.mode(mode.value));
    addEventListener('pagehide', () => this.flush());
  }

  get text() {
    return this.#box.value;
  }

  set text(value) {
    this.#box.value = value;
    clearTimeout(this.#draftTimer);
    this.#draftTimer = 0;
    this.#fitted();
  }

  /** Keeps what was typed a moment ago as the draft of the chat on the page. */
  flush() {
    if (this.#draftTimer) this.#keepDraft();
  }

  /** Not on a phone: the focus would open its keyboard over half of the page. */
  focus() {
    if (!phone.matches) this.#box.focus();
  }

  setMode(name) {
    for (const mode of this.#modes) mode.checked = mode.value === name;
  }

  nextMode() {
    const current = this.#modes.find((mode) => mode.checked).value;
    const next = THINKING[(THINKING.indexOf(current) + 1) % THINKING.length];
    this.setMode(next);
    this.actions.mode(next);
  }

  setRunning(running) {
    this.#running = running;
    this.#button.classList.toggle('stop', running);
    this.#button.setAttribute('aria-label', running ? 'Stop' : 'Send');
    this.#button.title = running ? 'Stop (Esc)' : 'Send (Enter)';
    this.#fitted();
  }

  /** Shows how full the context is; without both numbers nothing is shown. */
  setContext(used, size) {
    const gauge = byId('context');
    gauge.hidden = !(used && size);
    if (gauge.hidden) return;
    const bar = gauge.querySelector('meter');
    bar.max = size;
    bar.high = size * 0.9;
    bar.optimum = 0;
    bar.value = used;
    gauge.querySelector('span').textContent = `${count(used)} of ${count(size)}`;
  }

  #key(event) {
    if (isSend(event)) {
      event.preventDefault();
      if (!this.#running) this.#send();
    } else if (event.key === 'ArrowUp' && !event.altKey && !this.#box.value && !this.#running) {
      if (this.actions.editLast()) event.preventDefault();
    } else if (event.key === 'Escape' && !this.#running) {
      // Out of the box, so that the keys without Ctrl or Alt work and arrows scroll.
      byId('scroller').focus({ preventScroll: true });
    } else if (/^Page(Up|Down)$/.test(event.key) && this.#box.scrollHeight <= this.#box.clientHeight) {
      event.preventDefault();
      this.actions.turnPage(event.key === 'PageUp' ? -1 : 1);
    }
  }

  #send() {
    const text = this.#box.value.trim();
    if (!text || this.actions.send(text) === false) return;
    this.text = '';
    this.actions.draft('');
  }

  #changed() {
    this.#fitted();
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => this.#keepDraft(), 300);
  }

  #keepDraft() {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = 0;
    this.actions.draft(this.#box.value);
  }

  #fitted() {
    this.#button.disabled = !this.#running && !this.#box.value.trim();
    fit(this.#box);
  }
}
