import { blank, readBlock } from './blocks.js';
import { CodeBlock } from './code.js';

/**
 * Markdown of a text that grows. Blocks that can no longer change are drawn once; only the last is drawn anew,
 * and an open block of code, which may be long, is only added to.
 */
export class Markdown {
  #node;
  #settled = 0;
  #tail = [];
  #code = null;
  #seen = -1;
  #done = false;

  constructor(node) {
    this.#node = node;
  }

  /** Draws the text, which begins with what was drawn before; `done` says that it will not grow. */
  draw(text, done) {
    if (text.length === this.#seen && done === this.#done) return;
    this.#seen = text.length;
    this.#done = done;
    const lines = text.slice(this.#settled).split('\n');
    const blocks = [];
    for (let at = 0; at < lines.length;) {
      if (blank(lines[at])) {
        at++;
        continue;
      }
      const block = readBlock(lines, at);
      blocks.push({ ...block, start: at });
      at = block.end;
    }
    this.#replaceTail(blocks, done);
    this.#settle(lines, blocks, done);
  }

  #replaceTail(blocks, done) {
    const fence = blocks[0]?.fence;
    const kept = fence && this.#code ? this.#code : null;
    kept?.update(fence.code, fence.closed);
    for (const node of this.#tail) if (node !== kept?.node) node.remove();
    this.#code = kept;
    this.#tail = blocks.map((block, index) => {
      if (index === 0 && kept) return kept.node;
      if (index === 0 && fence) return (this.#code = new CodeBlock(fence.language, fence.code, fence.closed)).node;
      return block.draw(!done && index === blocks.length - 1);
    });
    this.#node.append(...this.#tail.filter((node) => node !== kept?.node));
  }

  /** A block is settled when another begins after it on a line that is complete: a half line may yet join it. */
  #settle(lines, blocks, done) {
    if (done) return;
    let first = blocks.length - 1;
    while (first > 0 && blocks[first].start >= lines.length - 1) first--;
    if (first <= 0) return;
    for (let line = 0; line < blocks[first].start; line++) this.#settled += lines[line].length + 1;
    this.#tail = this.#tail.slice(first);
    this.#code = null;
  }
}
