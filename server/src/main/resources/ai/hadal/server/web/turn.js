import { ApiError, complete } from './api.js';
import { requestBody } from './request.js';

const MAX_CALLS = 128;

/**
 * One answer being made: asks the server and writes what comes into the answer, a message of the chat.
 * `phase` says what goes on: 'waiting', 'prefill', 'thinking', 'writing', 'calling' or 'over'.
 */
export class Turn {
  phase = 'waiting';
  progress = null;
  leaving = false;
  #abort = new AbortController();
  #begun = performance.now();
  #first = null;
  #last = null;
  #thought = null;
  #deltas = 0;

  constructor(chat, answer, model, onChange) {
    Object.assign(this, { chat, answer, model, onChange });
  }

  get running() {
    return this.phase !== 'over';
  }

  /** Milliseconds the model has been thinking, or thought. */
  get thinkingMs() {
    return this.#first === null ? 0 : (this.#thought ?? performance.now()) - this.#first;
  }

  /** Milliseconds since the question was sent. */
  get elapsedMs() {
    return performance.now() - this.#begun;
  }

  /** Resolves when the answer is over, however it ended. */
  async run() {
    const { answer, chat } = this;
    try {
      const before = chat.messages.slice(0, chat.messages.indexOf(answer));
      for await (const event of complete(requestBody(chat.settings, before, this.model), this.#abort.signal)) {
        if (event.progress) this.#read(event.progress);
        else this.#take(event.chunk);
        this.onChange();
      }
      answer.state = 'done';
    } catch (problem) {
      if (this.#abort.signal.aborted || this.leaving) {
        answer.state = 'stopped';
      } else {
        answer.state = 'failed';
        const known = problem instanceof ApiError ? problem : { message: problem.message, status: 0 };
        answer.error = { message: known.message, status: known.status, type: known.type ?? '', code: known.code ?? '' };
      }
    }
    this.#end();
    this.onChange();
  }

  /** Stops; what has come is kept. */
  stop() {
    this.#abort.abort();
  }

  #read(progress) {
    if (this.#first !== null) return;
    this.phase = 'prefill';
    this.progress = progress;
  }

  #take({ choices, usage }) {
    if (usage) this.#count(usage);
    const choice = choices?.[0];
    if (!choice) return;
    const { reasoning_content: reasoning, content, tool_calls: calls } = choice.delta ?? {};
    if (reasoning || content || calls?.length) this.#arrived(Boolean(reasoning));
    if (reasoning) {
      this.phase = 'thinking';
      this.answer.reasoning += reasoning;
    }
    if (content) {
      this.phase = 'writing';
      this.answer.content += content;
    }
    for (const delta of calls ?? []) {
      this.phase = 'calling';
      this.#call(delta);
    }
    if (choice.finish_reason) this.answer.figures.finish = choice.finish_reason;
    if (choice.malformed?.length) this.answer.faults = choice.malformed.map(({ reason, raw }) => ({ reason: String(reason), raw: String(raw) }));
  }

  #arrived(thinking) {
    const now = performance.now();
    this.#first ??= now;
    this.#last = now;
    this.#deltas++;
    const { figures } = this.answer;
    if (thinking) figures.thinkingDeltas = (figures.thinkingDeltas ?? 0) + 1;
    else if (this.answer.reasoning) this.#thought ??= now;
  }

  #call({ index = 0, id, function: part }) {
    if (!(index >= 0 && index < MAX_CALLS)) return;
    const call = (this.answer.calls[index] ??= { id: '', name: '', arguments: '', partial: true });
    if (id) call.id = id;
    call.name += part?.name ?? '';
    call.arguments += part?.arguments ?? '';
  }

  #count({ prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: input, completion_tokens_details: output }) {
    Object.assign(this.answer.figures, { prompt, completion });
    if (input?.cached_tokens !== undefined) this.answer.figures.cached = input.cached_tokens;
    if (output?.reasoning_tokens !== undefined) this.answer.figures.reasoning = output.reasoning_tokens;
  }

  #end() {
    const { answer } = this;
    const { figures } = answer;
    if (answer.reasoning) figures.thinkingMs = this.thinkingMs;
    if (this.#first !== null) {
      figures.firstTokenMs = this.#first - this.#begun;
      figures.decodeMs = this.#last - this.#first;
    }
    // Without the server's count, deltas are counted: a token each, or a little more.
    if (figures.completion === undefined && this.#deltas) figures.deltas = this.#deltas;
    answer.calls = answer.calls.filter(Boolean);
    // A fault in one call makes all of them void.
    const whole = answer.state === 'done' && figures.finish !== 'length' && !answer.faults.length;
    for (const call of answer.calls) call.partial = !whole;
    this.phase = 'over';
  }
}

/** An answer of which nothing has come yet. */
export function emptyAnswer() {
  return { role: 'assistant', content: '', reasoning: '', calls: [], faults: [], state: 'running', error: null, figures: {} };
}
