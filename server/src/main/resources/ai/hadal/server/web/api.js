import { events } from './sse.js';
import { keep, kept } from './storage.js';

// The server's API. Everything goes to where the page came from.

const KEY = 'hadal.key';

/** What the server, or the way to it, said was wrong; `status` is 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(message, { status = 0, type = null, code = null, param = null } = {}) {
    super(message);
    Object.assign(this, { status, type, code, param });
  }
}

let askForKey = async () => null;
let asking = null;
let key = kept(KEY, 'sessionStorage');

/** Sets who asks the user for a key: a function from what is to be said about it to the key, or to null if there is none. */
export function setKeyPrompt(prompt) {
  askForKey = prompt;
}

/** The events of an answer: `{ progress: { done, total } }` while the prompt is read, `{ chunk }` after that. */
export async function* complete(body, signal) {
  const response = await request('v1/chat/completions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify(body),
    signal,
  });
  try {
    for await (const event of events(response.body)) {
      if (event.data === '[DONE]') return;
      if (event.comment !== undefined) {
        const prefill = /^prefill (\d+)\/(\d+)$/.exec(event.comment);
        if (prefill) yield { progress: { done: Number(prefill[1]), total: Number(prefill[2]) } };
        continue;
      }
      const chunk = parse(event.data);
      if (chunk.error) throw errorFrom(chunk, 200);
      yield { chunk };
    }
  } catch (problem) {
    throw problem instanceof ApiError || signal.aborted ? problem : unreachable('The connection broke in the midst of the answer.');
  }
  throw unreachable('The answer broke off: the server closed the connection before its end.');
}

/** The names of the models the server has. */
export async function models() {
  const { data } = await (await request('v1/models')).json();
  return Array.isArray(data) ? data.map((model) => String(model.id)) : [];
}

/** What the server is doing now; null if it does not say. Never asks for a key. */
export async function load() {
  const response = await fetch('load', { headers: keyHeader() });
  return response.ok ? response.json() : null;
}

async function request(path, options = {}) {
  for (;;) {
    const response = await fetch(path, { ...options, headers: { ...options.headers, ...keyHeader() } }).catch((problem) => {
      throw options.signal?.aborted ? problem : unreachable('The server cannot be reached.');
    });
    if (response.ok) return response;
    const error = errorFrom(await response.json().catch(() => ({})), response.status);
    if (error.status !== 401 || !(await newKey())) throw error;
  }
}

/** Asks once, however many requests wait for the key. */
async function newKey() {
  asking ??= askForKey(key ? 'The server did not take the key that it was given.' : '').finally(() => (asking = null));
  const given = await asking;
  if (given && given !== key) {
    key = given;
    keep(KEY, key, 'sessionStorage');
  }
  return given;
}

function keyHeader() {
  return key ? { Authorization: `Bearer ${key}` } : {};
}

function errorFrom(body, status) {
  const error = body?.error ?? {};
  const message = typeof error === 'string' ? error : error.message;
  return new ApiError(message || `The server answered with status ${status} and no reason.`, { ...error, status });
}

function unreachable(message) {
  return new ApiError(message, { type: 'connection_error' });
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    throw new ApiError('The server sent an event that is not JSON.', { type: 'protocol_error' });
  }
}
