import { copyFrom, h, icon, iconButton } from './dom.js';

/** The tool calls of an answer as cards; the user writes what each tool answered and goes on. */
export class Calls {
  #cards = [];
  #go = h('button', { type: 'button', class: 'primary' }, 'Continue with the results');
  #onResults;

  /** `onResults` takes a list of the results, in the order of the calls. */
  constructor(onResults) {
    this.#onResults = onResults;
    this.node = h('div', { class: 'calls' });
    this.#go.addEventListener('click', () => this.#send());
  }

  /** `pending` says that results are awaited now; `sent` that the chat went on after these calls. */
  update(calls, { running, pending, sent }) {
    calls.forEach((call, index) => {
      if (!call) return;
      this.#cards[index] ??= this.#add(index);
      this.#cards[index].update(call, { running, pending, sent });
    });
    if (pending && !this.#go.isConnected) this.node.append(this.#go);
    if (!pending) this.#go.remove();
  }

  #add(index) {
    const card = new Card(index, () => this.#send());
    this.node.append(card.node);
    return card;
  }

  #send() {
    const cards = this.#cards.filter(Boolean);
    const empty = cards.find((card) => !card.result.trim());
    if (empty) empty.focus();
    else this.#onResults(cards.map((card) => card.result));
  }
}

class Card {
  #name = h('code', { class: 'name' });
  #state = h('span', { class: 'state' });
  #arguments = h('code');
  #answer = h('div', { class: 'result' });
  #box = null;

  constructor(index, send) {
    const copy = iconButton('copy', 'Copy arguments', () => copyFrom(copy, this.#arguments.textContent));
    this.send = send;
    this.index = index;
    this.node = h('section', { class: 'call', 'aria-label': 'Tool call' },
      h('header', {}, icon('tool'), this.#name, this.#state, copy),
      h('pre', { tabindex: '0', role: 'group', 'aria-label': 'Arguments' }, this.#arguments),
      this.#answer);
  }

  get result() {
    return this.#box?.value ?? '';
  }

  focus() {
    this.#box?.focus();
  }

  update(call, { running, pending, sent }) {
    this.#name.textContent = call.name || '…';
    const shown = running ? call.arguments : pretty(call.arguments);
    if (this.#arguments.textContent !== shown) this.#arguments.textContent = shown;
    this.#state.textContent = stateOf(call, running, pending, sent);
    if (call.result !== undefined) this.#show(call.result);
    else if (pending) this.#ask(call.name);
    else this.#answer.replaceChildren();
  }

  #show(result) {
    if (this.#answer.dataset.shown === 'result') return;
    this.#answer.dataset.shown = 'result';
    this.#box = null;
    this.#answer.replaceChildren(h('span', { class: 'caption' }, 'Result'), h('pre', { tabindex: '0', role: 'group', 'aria-label': 'Result' }, pretty(result)));
  }

  #ask(name) {
    if (this.#box) return;
    const id = `result-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    this.#box = h('textarea', { id, rows: '2', spellcheck: 'false', placeholder: 'What the tool answered, as text or JSON' });
    this.#box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.send();
    });
    this.#answer.replaceChildren(h('label', { class: 'caption', for: id }, `Result of ${name}`), this.#box);
  }
}

function stateOf(call, running, pending, sent) {
  if (running) return 'Writing arguments…';
  if (call.result !== undefined) return 'Answered';
  if (call.partial) return 'Incomplete, not sent back';
  if (pending) return 'Waiting for a result';
  return sent ? 'Left without a result' : '';
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
