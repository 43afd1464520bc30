// Numbers as the page writes them.

const SHORTEST = 100;
const whole = new Intl.NumberFormat('en');

export const count = (value) => whole.format(Math.round(value));

export const plural = (value, word) => `${count(value)} ${word}${value === 1 ? '' : 's'}`;

/** "4.5 s", "12 s", "3 min 5 s" */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
}

/** "31" or "4.2": tokens a second. */
export const rate = (value) => (value < 9.95 ? value.toFixed(1) : count(value));

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${power && scaled < 9.95 ? scaled.toFixed(1) : count(scaled)} ${units[power]}`;
}

export const percent = (share) => `${Math.round(share * 100)} %`;

/** The figures under an answer, as pairs of a text and what it means. */
export function answerFigures(figures) {
  const { prompt, completion, cached, deltas, firstTokenMs, decodeMs, finish } = figures;
  const made = completion ?? deltas;
  const shown = [];
  if (finish === 'length') shown.push(['Cut at the token limit', 'The answer reached max_tokens or the end of the context']);
  if (made !== undefined) {
    const exact = completion !== undefined;
    shown.push([`${exact ? '' : 'about '}${plural(made, 'token')}`, exact ? 'Tokens of the answer, thinking included' : 'Pieces received before the answer was stopped']);
  }
  // The first token ends the wait; the others took the rest of the time. A moment too short says nothing.
  if (made > 1 && decodeMs >= SHORTEST) shown.push([`${rate(((made - 1) * 1000) / decodeMs)} tokens/s`, 'Speed after the first token, as seen here']);
  if (firstTokenMs !== undefined) shown.push([`first after ${firstTokenMs < 950 ? `${count(firstTokenMs)} ms` : duration(firstTokenMs)}`, 'Time from sending to the first token']);
  if (prompt !== undefined) {
    const share = cached !== undefined && prompt > 0 ? `, ${percent(cached / prompt)} cached` : '';
    shown.push([`prompt ${count(prompt)}${share}`, 'Tokens of the prompt, and the share the prefix cache had']);
  }
  return shown;
}
