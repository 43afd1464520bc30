// The Messages API as Anthropic's own client for JavaScript sees it. Needs a server of the built-in model:
// HADAL_URL is its address and HADAL_KEY its key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';

const { HADAL_URL, HADAL_KEY } = process.env;
const client = new Anthropic({ baseURL: HADAL_URL, apiKey: HADAL_KEY, maxRetries: 0 });

const SUM = [{ role: 'user', content: 'What is 17 + 25?' }];
const PRODUCT = [{ role: 'user', content: 'What is 417 * 23?' }];
const FIXED = { model: 'nano', max_tokens: 256, temperature: 0 };
const THINKING = { thinking: { type: 'enabled', budget_tokens: 1024 } };

const tool = (name, description, parameter) => ({
  name,
  description,
  input_schema: { type: 'object', properties: { [parameter]: { type: 'string' } }, required: [parameter] },
});
const TOOLS = [tool('calculate', 'Compute an expression.', 'expression'), tool('get_time', 'The time in a city.', 'city')];

const text = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
const thinking = (message) => message.content.filter((block) => block.type === 'thinking').map((block) => block.thinking).join('');
const prompt = ({ usage }) => usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;

/** Apart from the ids, and from what the cache knew by then. */
const comparable = (message) => ({
  content: message.content.map((block) => (block.type === 'tool_use' ? { ...block, id: '' } : { ...block })),
  role: message.role,
  model: message.model,
  stop_reason: message.stop_reason,
  stop_sequence: message.stop_sequence,
  prompt: prompt(message),
  output: message.usage.output_tokens,
});

const streamed = (params) => client.messages.stream(params).finalMessage();

test('answers', async () => {
  const { data, request_id } = await client.messages.create({ ...FIXED, messages: SUM, ...THINKING }).withResponse();
  assert.match(request_id, /^req_/);
  assert.match(data.id, /^msg_/);
  assert.match(text(data), /42/);
  assert.notEqual(thinking(data), '');
  assert.equal(data.stop_reason, 'end_turn');
});

test('streams what it answers', async () => {
  for (const more of [{}, THINKING, { thinking: { type: 'adaptive', display: 'omitted' } }]) {
    const params = { ...FIXED, messages: SUM, ...more };
    assert.deepEqual(comparable(await streamed(params)), comparable(await client.messages.create(params)));
  }
});

test('raw events come in order', async () => {
  const types = [];
  for await (const event of await client.messages.create({ ...FIXED, messages: SUM, ...THINKING, stream: true })) {
    types.push(event.type === 'content_block_delta' ? event.delta.type : event.type);
  }
  const once = types.filter((type, i) => type !== types[i - 1]);
  assert.deepEqual(once, [
    'message_start',
    'content_block_start',
    'thinking_delta',
    'signature_delta',
    'content_block_stop',
    'content_block_start',
    'text_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
});

test('calls tools and reads their results', async () => {
  for (const more of [{}, THINKING]) {
    const params = { ...FIXED, messages: PRODUCT, tools: TOOLS, ...more };
    const call = await client.messages.create(params);
    assert.deepEqual(comparable(await streamed(params)), comparable(call));
    assert.equal(call.stop_reason, 'tool_use');
    const use = call.content.find((block) => block.type === 'tool_use');
    assert.match(use.id, /^toolu_/);
    assert.equal(use.name, 'calculate');
    assert.deepEqual(use.input, { expression: '417 * 23' });
    const result = { type: 'tool_result', tool_use_id: use.id, content: [{ type: 'text', text: '9591' }] };
    const answer = (content) =>
      client.messages.create({
        ...params,
        messages: [...PRODUCT, { role: 'assistant', content }, { role: 'user', content: [result] }],
      });
    const kept = await answer(call.content);
    const dropped = await answer(call.content.filter((block) => block.type !== 'thinking'));
    assert.match(text(kept), /9591/);
    assert.deepEqual(comparable(dropped), comparable(kept));
  }
});

test('stops at the words of the client', async () => {
  const params = { ...FIXED, messages: SUM, ...THINKING, stop_sequences: ['never said', '42'] };
  const message = await streamed(params);
  assert.equal(message.stop_reason, 'stop_sequence');
  assert.equal(message.stop_sequence, '42');
  assert.doesNotMatch(text(message), /42/);
});

test('continues what the client began', async () => {
  const messages = [{ role: 'user', content: 'Hello!' }];
  const whole = text(await client.messages.create({ ...FIXED, messages })).trim();
  const begun = whole.split(' ')[0];
  const rest = await client.messages.create({ ...FIXED, messages: [...messages, { role: 'assistant', content: begun }] });
  assert.equal(begun + text(rest), whole);
});

test('counts the tokens of a prompt', async () => {
  const params = { system: 'Be brief.', messages: SUM, tools: TOOLS };
  const count = await client.messages.countTokens({ model: 'nano', ...params });
  assert.equal(count.input_tokens, prompt(await client.messages.create({ ...FIXED, ...params })));
});

test('tells errors apart', async () => {
  const stranger = new Anthropic({ baseURL: HADAL_URL, apiKey: 'guessed', maxRetries: 0 });
  const cases = [
    [stranger, {}, Anthropic.AuthenticationError, 'authentication_error'],
    [client, { model: 'other' }, Anthropic.NotFoundError, 'not_found_error'],
    [client, { top_p: 'most' }, Anthropic.BadRequestError, 'invalid_request_error'],
    [client, { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, Anthropic.BadRequestError, 'invalid_request_error'],
    [client, { messages: [{ role: 'user', content: 'a b '.repeat(70_000) }] }, Anthropic.BadRequestError, 'invalid_request_error'],
  ];
  for (const [who, wrong, type, name] of cases) {
    for (const stream of [false, true]) {
      await assert.rejects(who.messages.create({ ...FIXED, messages: SUM, ...wrong, stream }), (error) => {
        assert.ok(error instanceof type, String(error));
        assert.equal(error.type, name);
        assert.match(error.requestID, /^req_/);
        return true;
      });
    }
  }
});

test('a stream that is aborted is cancelled', async () => {
  const stream = client.messages.stream({ ...FIXED, messages: [{ role: 'user', content: 'a b '.repeat(10_000) }] });
  await new Promise((started) => stream.once('streamEvent', started));
  stream.abort();
  await assert.rejects(stream.done(), Anthropic.APIUserAbortError);
  const deadline = Date.now() + 60_000;
  let busy;
  do {
    const load = await (await fetch(new URL('/load', HADAL_URL), { headers: { 'x-api-key': HADAL_KEY } })).json();
    busy = load.running + load.waiting;
  } while (busy > 0 && Date.now() < deadline);
  assert.equal(busy, 0);
});
