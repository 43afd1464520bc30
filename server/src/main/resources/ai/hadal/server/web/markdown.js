import { blank, readBlock } from './blocks.js';
import { CodeBlock } from './code.js';
import { append } from './dom.js';

/**
 * Markdown of a text that grows. Blocks that can no longer change are drawn once; only the last is drawn anew,
 * and an open block of code, which may be long, is only added to.
 */
export class Markdown {
  #node;
  #settled = 0;
  #tail = [];
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
    const open = blocks[0]?.fence && this.#tail[0]?.code;
    if (open) open.update(blocks[0].fence);
    const kept = open ? this.#tail.slice(0, 1) : [];
    for (const { node } of this.#tail.slice(kept.length)) node.remove();
    const drawn = blocks.slice(kept.length).map((block, index, all) => {
      const code = block.fence && new CodeBlock(block.fence);
      return { code, node: code ? code.node : block.draw(!done && index === all.length - 1) };
    });
    append(this.#node, drawn.map(({ node }) => node));
    this.#tail = kept.concat(drawn);
  }

  /** A block is settled when another surely begins after it: half a line may yet join what stands above it. */
  #settle(lines, blocks, done) {
    if (done) return;
    let first = blocks.length - 1;
    while (first > 0 && blocks[first].start + (blocks[first].sure ?? 1) >= lines.length) first--;
    if (first <= 0) return;
    for (let line = 0; line < blocks[first].start; line++) this.#settled += lines[line].length + 1;
    this.#tail = this.#tail.slice(first);
  }
}
