import { append, copyFrom, h, icon } from './dom.js';
import { isKnown, pieces } from './tokens.js';

/** A block of code under its language and a copy button. While it grows, only its last lines are coloured anew. */
export class CodeBlock {
  #text = '';
  #language = '';
  #settled = 0;
  #tail = [];
  #caption = h('span', { class: 'language' });
  #code = h('code');

  constructor(fence) {
    const button = h('button', { type: 'button', class: 'copy-code', 'aria-label': 'Copy code' }, icon('copy'), h('span', {}, 'Copy'));
    button.addEventListener('click', () => copyFrom(button, this.#text));
    this.node = h('figure', { class: 'code' },
      h('figcaption', {}, this.#caption, button),
      h('pre', { tabindex: '0', role: 'group', 'aria-label': 'Code' }, this.#code));
    this.update(fence);
  }

  /** `fence`: { language, code }; of a closed fence the end of the last line is no part of the code. */
  update({ language, code }) {
    if (language !== this.#language || !code.startsWith(this.#text.slice(0, this.#settled))) this.#reset();
    this.#language = language;
    this.#caption.textContent = language || 'text';
    this.#text = code;
    for (const node of this.#tail) node.remove();
    const { settled, tail } = this.#draw(code.slice(this.#settled));
    append(this.#code, [settled, tail]);
    this.#tail = tail;
  }

  #reset() {
    this.#settled = 0;
    this.#tail = [];
    this.#code.replaceChildren();
  }

  /** The nodes of the rest of the code: those of whole lines stay, the last line's are drawn again next time. */
  #draw(rest) {
    const nodes = [];
    let plain = '';
    let [lines, length, at] = [0, 0, 0];
    const flush = () => {
      if (plain) nodes.push(document.createTextNode(plain));
      plain = '';
    };
    for (const { kind, text } of isKnown(this.#language) ? pieces(rest, this.#language) : lineByLine(rest)) {
      at += text.length;
      if (kind) {
        flush();
        nodes.push(h('span', { class: kind }, text));
      } else {
        plain += text;
      }
      if (text === '\n' && at < rest.length) {
        flush();
        [lines, length] = [nodes.length, at];
      }
    }
    flush();
    this.#settled += length;
    return { settled: nodes.slice(0, lines), tail: nodes.slice(lines) };
  }
}

function* lineByLine(text) {
  const end = text.lastIndexOf('\n', text.length - 2);
  if (end >= 0) yield* [{ kind: null, text: text.slice(0, end) }, { kind: null, text: '\n' }];
  yield { kind: null, text: text.slice(end + 1) };
}
