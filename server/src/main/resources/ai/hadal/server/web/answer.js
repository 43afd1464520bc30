import { Calls } from './calls.js';
import { copyFrom, h, icon, iconButton } from './dom.js';
import { answerFigures, count, duration } from './figures.js';
import { Markdown } from './markdown.js';
import { Thinking } from './thinking.js';

/** An answer on the page: status, thinking, text, tool calls, error, figures and what can be done with it. */
export class AnswerView {
  #status = h('div', { class: 'waiting' });
  #thinking = new Thinking();
  #text = h('div', { class: 'prose' });
  #nothing = h('p', { class: 'nothing', hidden: true });
  #faults = h('div', { class: 'faults' });
  #markdown = new Markdown(this.#text);
  #calls;
  #error = h('div', { class: 'error', role: 'alert', hidden: true });
  #figures = h('p', { class: 'figures' });
  #actions;
  #copy;
  #again;
  #foot;

  /** `actions`: regenerate(), results(list). */
  constructor(answer, actions) {
    this.answer = answer;
    this.actions = actions;
    this.#calls = new Calls(actions.results);
    this.#copy = iconButton('copy', 'Copy answer', () => copyFrom(this.#copy, this.answer.content));
    this.#again = iconButton('again', 'Regenerate answer', actions.regenerate);
    this.#actions = h('div', { class: 'actions' }, this.#copy, this.#again);
    this.#foot = h('footer', {}, this.#actions, this.#figures);
    this.node = h('article', { class: 'answer' },
      h('h2', { class: 'off-screen' }, 'Answer'),
      this.#status, this.#thinking.node, this.#text, this.#nothing, this.#calls.node, this.#faults, this.#error, this.#foot);
  }

  /** Draws what changed; `turn` is what makes this answer now, if any, and `last` that no message follows. */
  update(turn, last) {
    const { answer } = this;
    const running = turn?.running ?? false;
    this.node.classList.toggle('running', running);
    this.node.classList.toggle('last', last);
    this.#drawStatus(turn, running);
    this.#thinking.update(answer, turn);
    if (answer.content) this.#markdown.draw(answer.content, !running);
    this.#nothing.hidden = answer.state !== 'done' || answer.content.trim() !== '' || answer.calls.length + answer.faults.length > 0;
    this.#nothing.textContent = answer.reasoning ? 'The model thought and said nothing.' : 'The model said nothing.';
    const whole = answer.calls.some((call) => call && !call.partial);
    this.#calls.update(answer.calls, { running, pending: last && whole && !running, sent: !last });
    if (!this.#faults.childElementCount) this.#faults.append(...answer.faults.map(faultNote));
    this.#drawError(last && !running);
    this.#foot.hidden = running;
    if (running) return;
    this.#copy.hidden = !answer.content;
    // An error has its own button for the same.
    this.#again.hidden = !last || answer.state === 'failed';
    this.#drawFigures();
  }

  #drawStatus(turn, running) {
    const prefill = running && turn.phase === 'prefill';
    this.#status.hidden = !(running && (turn.phase === 'waiting' || prefill));
    if (this.#status.hidden) return;
    if (prefill) {
      const { done, total } = turn.progress;
      this.#status.querySelector('progress') ?? this.#status.replaceChildren(h('span'), h('progress', { 'aria-label': 'Reading the prompt' }));
      const [label, bar] = this.#status.children;
      label.textContent = `Reading the prompt: ${count(done)} of ${count(total)} tokens`;
      bar.max = Math.max(total, 1);
      bar.value = done;
    } else {
      this.#status.textContent = turn.elapsedMs < 1000 ? 'Waiting…' : `Waiting… ${duration(turn.elapsedMs)}`;
    }
  }

  #drawError(retry) {
    const { error } = this.answer;
    this.#error.hidden = !error;
    if (!error || this.#error.childElementCount) {
      this.#error.querySelector('button')?.toggleAttribute('hidden', !retry);
      return;
    }
    const facts = [error.status >= 400 && `Status ${error.status}`, error.type, error.code].filter(Boolean).join(', ');
    this.#error.append(
      h('p', {}, icon('warning'), h('span', {}, error.message)),
      h('div', {}, h('button', { type: 'button', hidden: !retry, onclick: this.actions.regenerate }, icon('again'), 'Retry'), h('small', {}, facts)));
  }

  #drawFigures() {
    const { answer } = this;
    const shown = answerFigures(answer.figures);
    if (answer.state === 'stopped') shown.unshift(['Stopped', 'You stopped this answer; what had come is kept']);
    this.#figures.replaceChildren(...shown.map(([text, meaning]) => h('span', { title: meaning }, text)));
  }
}

/** What the model wrote against the rules of its tool calls, folded. */
function faultNote({ reason, raw }) {
  return h('details', { class: 'fault' },
    h('summary', {}, icon('warning'), h('span', {}, `No tool call of this answer counts: ${reason}`)),
    h('pre', { tabindex: '0', role: 'group', 'aria-label': 'As the model wrote it' }, raw));
}
