import { h, icon } from './dom.js';
import { duration, plural } from './figures.js';
import { Markdown } from './markdown.js';

/** The thinking of an answer, folded; its text is drawn only while it is open. */
export class Thinking {
  #label = h('span', { class: 'label' });
  #body = h('div', { class: 'prose' });
  #markdown = new Markdown(this.#body);
  #text = '';
  #done = false;

  constructor() {
    this.node = h('details', { class: 'thinking', hidden: true },
      h('summary', {}, icon('chevron'), this.#label),
      this.#body);
    this.node.addEventListener('toggle', () => this.#draw());
  }

  update(answer, turn) {
    this.node.hidden = !answer.reasoning;
    if (!answer.reasoning) return;
    const active = turn?.phase === 'thinking';
    this.#text = answer.reasoning;
    this.#done = !active;
    this.node.classList.toggle('active', active);
    const label = labelOf(answer, turn, active);
    if (this.#label.textContent !== label) this.#label.textContent = label;
    this.#draw();
  }

  #draw() {
    if (this.node.open) this.#markdown.draw(this.#text, this.#done);
  }
}

function labelOf({ figures }, turn, active) {
  const tokens = figures.reasoning ?? figures.thinkingDeltas;
  if (active) return `Thinking… ${plural(tokens ?? 0, 'token')}, ${duration(turn.thinkingMs)}`;
  const time = turn?.running ? turn.thinkingMs : figures.thinkingMs;
  return (time === undefined ? 'Thought' : `Thought for ${duration(time)}`) + (tokens === undefined ? '' : `, ${plural(tokens, 'token')}`);
}
