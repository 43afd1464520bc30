import { CodeBlock } from './code.js';
import { h } from './dom.js';
import { inline } from './inline.js';

// Block Markdown: readBlock takes one block from the lines at a position. A block knows the line after its last
// and draws itself; `sure` is the number of lines by which it is known for what it is, one where it isn't said. Two things differ from CommonMark on purpose, for models mean them so: a line of dashes is
// always a rule, and a line break in a paragraph is a line break.

const MAX_DEPTH = 8;
const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|)$/;
const MATH = /^ {0,3}(\$\$|\\\[)/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

export const blank = (line) => /^\s*$/.test(line);

/** All blocks of these lines, drawn. */
export function drawAll(lines, open, depth) {
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    if (blank(lines[at])) {
      at++;
      continue;
    }
    const block = readBlock(lines, at, depth);
    nodes.push(block.draw(open && block.end >= lines.length));
    at = block.end;
  }
  return nodes;
}

/** The block that begins at this line, which is not blank. */
export function readBlock(lines, at, depth = 0) {
  const line = lines[at];
  if (FENCE.test(line)) return fence(lines, at);
  if (HEADING.test(line)) return heading(line, at);
  if (RULE.test(line)) return { end: at + 1, draw: () => h('hr') };
  if (MATH.test(line)) return math(lines, at);
  if (depth < MAX_DEPTH && QUOTE.test(line)) return quote(lines, at, depth);
  if (depth < MAX_DEPTH && startsList(line)) return list(lines, at, depth);
  if (isTable(lines, at)) return table(lines, at);
  return paragraph(lines, at, depth);
}

function startsList(line) {
  const item = ITEM.exec(line);
  return item !== null && item[1].length <= 3 && !RULE.test(line);
}

function isTable(lines, at) {
  const next = lines[at + 1];
  return lines[at].includes('|') && next !== undefined && next.includes('|') && next.includes('-') && DELIMITERS.test(next)
    && cells(next).length === cells(lines[at]).length;
}

function interrupts(lines, at, depth) {
  const line = lines[at];
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || MATH.test(line) || isTable(lines, at)
    || (depth < MAX_DEPTH && (QUOTE.test(line) || (startsList(line) && ITEM.exec(line)[4] !== undefined)));
}

function paragraph(lines, at, depth) {
  let end = at + 1;
  while (end < lines.length && !blank(lines[end]) && !interrupts(lines, end, depth)) end++;
  const text = lines.slice(at, end).map((line) => line.trimStart()).join('\n').trimEnd();
  return { end, text, draw: (open) => h('p', {}, inline(text, open)) };
}

function heading(line, at) {
  const [, marks, text] = HEADING.exec(line);
  // The page's own headings are levels one and two.
  const tag = `h${Math.min(marks.length + 2, 6)}`;
  return { end: at + 1, draw: (open) => h(tag, {}, inline(text ?? '', open)) };
}

function fence(lines, at) {
  const [, indent, mark, info] = FENCE.exec(lines[at]);
  const closing = new RegExp(`^ {0,3}${mark[0] === '`' ? '`' : '~'}{${mark.length},}[ \\t]*$`);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end])) end++;
  const closed = end < lines.length;
  const body = lines.slice(at + 1, end);
  // The end of an open fence, half written, is not yet code.
  if (!closed && body.length && /^ {0,3}[`~]+$/.test(body.at(-1))) body.pop();
  const code = body.map((line) => line.replace(new RegExp(`^ {0,${indent.length}}`), '')).join('\n');
  const language = info.trim().split(/\s+/)[0];
  return {
    end: closed ? end + 1 : end,
    fence: { language, code },
    draw: () => new CodeBlock({ language, code }).node,
  };
}

function math(lines, at) {
  const opening = MATH.exec(lines[at])[1];
  const closing = opening === '$$' ? '$$' : '\\]';
  const rest = lines[at].slice(lines[at].indexOf(opening) + 2);
  if (rest.includes(closing) && !rest.trimEnd().endsWith(closing)) {
    return { end: at + 1, draw: (open) => h('p', {}, inline(lines[at].trim(), open)) };
  }
  let end = at + 1;
  if (!rest.includes(closing)) {
    while (end < lines.length && !lines[end].includes(closing)) end++;
    end = Math.min(end + 1, lines.length);
  }
  return { end, draw: () => h('div', { class: 'math block' }, lines.slice(at, end).join('\n').trim()) };
}

function quote(lines, at, depth) {
  let end = at + 1;
  while (end < lines.length && (QUOTE.test(lines[end]) || (!blank(lines[end]) && !interrupts(lines, end, depth)))) end++;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return { end, draw: (open) => h('blockquote', {}, drawAll(inner, open, depth + 1)) };
}

function list(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  const kind = first[2].at(-1);
  const items = [];
  let loose = false;
  let end = at;
  while (end < lines.length) {
    const mark = ITEM.exec(lines[end]);
    if (!mark || RULE.test(lines[end]) || mark[2].at(-1) !== kind || mark[1].length > first[1].length + 1) break;
    const item = readItem(lines, end, mark, depth);
    items.push(item.lines);
    end = item.end;
    let next = end;
    while (next < lines.length && blank(lines[next])) next++;
    const follower = next < lines.length ? ITEM.exec(lines[next]) : null;
    const goesOn = follower && follower[2].at(-1) === kind && follower[1].length <= first[1].length + 1;
    loose ||= item.loose || (next > end && goesOn);
    if (!goesOn) break;
    end = next;
  }
  const ordered = /\d/.test(first[2]);
  const start = ordered ? Number.parseInt(first[2], 10) : 1;
  return {
    end,
    draw: (open) => h(ordered ? 'ol' : 'ul', { start: start === 1 ? null : start },
      items.map((item, index) => drawItem(item, loose, open && index === items.length - 1, depth))),
  };
}

/** The lines of one item without their indentation. */
function readItem(lines, at, mark, depth) {
  const own = mark[1].length;
  const spaces = mark[3]?.length ?? 1;
  const content = own + mark[2].length + (spaces > 4 ? 1 : spaces);
  const inner = [mark[4] === undefined ? '' : ' '.repeat(spaces > 4 ? spaces - 1 : 0) + mark[4]];
  let strip = content;
  let end = at + 1;
  let loose = false;
  for (; end < lines.length; end++) {
    const line = lines[end];
    if (blank(line)) {
      let next = end + 1;
      while (next < lines.length && blank(lines[next])) next++;
      if (next >= lines.length || !belongs(lines[next], own, content)) break;
      loose ||= !ITEM.test(lines[next]);
      for (; end < next; end++) inner.push('');
      end--;
      continue;
    }
    const indent = line.search(/\S/);
    if (belongs(line, own, content)) {
      // Models indent a nested list by two where the rule wants three: the first such line sets the depth.
      if (indent < strip) strip = indent;
      inner.push(line.slice(Math.min(indent, strip)));
    } else if (!blank(lines[end - 1]) && !interrupts(lines, end, depth)) {
      inner.push(line.trimStart());
    } else {
      break;
    }
  }
  return { lines: inner, end, loose };
}

function belongs(line, own, content) {
  const indent = line.search(/\S/);
  return indent >= content || (indent >= own + 2 && ITEM.test(line));
}

function drawItem(lines, loose, open, depth) {
  const task = /^\[([ xX])\] +/.exec(lines[0]);
  const box = task && h('input', { type: 'checkbox', disabled: true, checked: task[1] !== ' ', 'aria-label': 'Task' });
  const inner = task ? [lines[0].slice(task[0].length), ...lines.slice(1)] : lines;
  const nodes = loose ? drawAll(inner, open, depth + 1) : drawTight(inner, open, depth + 1);
  return h('li', { class: task ? 'task' : null }, box, nodes);
}

/** Paragraphs of a tight list stand without a box of their own. */
function drawTight(lines, open, depth) {
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    if (blank(lines[at])) {
      at++;
      continue;
    }
    const block = readBlock(lines, at, depth);
    const last = open && block.end >= lines.length;
    if (block.text === undefined) nodes.push(block.draw(last));
    else nodes.push(inline(block.text, last));
    at = block.end;
  }
  return nodes;
}

function table(lines, at) {
  const head = cells(lines[at]);
  const align = cells(lines[at + 1]).map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : null));
  let end = at + 2;
  while (end < lines.length && !blank(lines[end]) && lines[end].includes('|')) end++;
  const row = (tag, texts, open) => h('tr', {},
    head.map((_, column) => h(tag, { class: align[column], scope: tag === 'th' ? 'col' : null }, inline(texts[column] ?? '', open))));
  return {
    end,
    sure: 2,
    draw: (open) => h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table' }, h('table', {},
      h('thead', {}, row('th', head, false)),
      h('tbody', {}, lines.slice(at + 2, end).map((line, index) => row('td', cells(line), open && index === end - at - 3))))),
  };
}

function cells(line) {
  const inner = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}
