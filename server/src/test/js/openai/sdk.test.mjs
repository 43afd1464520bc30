// OpenAI's JavaScript client against a server of the built-in model.
// Environment: BASE_URL (with /v1) and API_KEY of the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

const baseURL = process.env.BASE_URL;
const client = new OpenAI({ baseURL, apiKey: process.env.API_KEY, maxRetries: 0 });

const PATIENCE_MILLIS = 60000;
const SUM = 'What is 17 + 25?';
const PRODUCT = 'What is 48 * 17?';
const SCHEMA = {
    type: 'object',
    properties: { expression: { type: 'string' } },
    required: ['expression'],
};
const CALCULATOR = { name: 'calculate', description: 'Compute an expression.', parameters: SCHEMA };
const ask = (content, more = {}) => ({
    model: 'nano',
    temperature: 0,
    messages: [{ role: 'user', content }],
    ...more,
});

const headers = { Authorization: `Bearer ${process.env.API_KEY}` };

// Biases of a generation that ends only when someone ends it.
async function endless() {
    const content = '<｜begin▁of▁sentence｜><｜end▁of▁sentence｜><think></think>｜DSML｜';
    const answer = await fetch(new URL('/tokenize', baseURL), {
        method: 'POST',
        headers,
        body: JSON.stringify({ content }),
    });
    const { tokens } = await answer.json();
    assert.equal(tokens.length, 5);
    return Object.fromEntries(tokens.map((id) => [id, -100]));
}

async function idle() {
    const end = Date.now() + PATIENCE_MILLIS;
    while (Date.now() < end) {
        const load = await fetch(new URL('/load', baseURL), { headers }).then((answer) => answer.json());
        if (load.running + load.waiting === 0) {
            return;
        }
    }
    assert.fail('the server goes on with what nobody reads');
}

test('a chat completion reasons and answers', async () => {
    const completion = await client.chat.completions.create(ask(SUM));
    const { message, finish_reason } = completion.choices[0];
    assert.match(message.content, /42/);
    assert.ok(message.reasoning_content.length > 0);
    assert.equal(finish_reason, 'stop');
    assert.ok(completion.usage.completion_tokens_details.reasoning_tokens > 0);
});

test('a streamed chat completion is the same', async () => {
    const whole = await client.chat.completions.create(ask(SUM));
    const stream = await client.chat.completions.create(
        ask(SUM, { stream: true, stream_options: { include_usage: true } }),
    );
    let content = '';
    let reasoning = '';
    let usage;
    for await (const chunk of stream) {
        content += chunk.choices[0]?.delta.content ?? '';
        reasoning += chunk.choices[0]?.delta.reasoning_content ?? '';
        usage = chunk.usage ?? usage;
    }
    assert.equal(content, whole.choices[0].message.content);
    assert.equal(reasoning, whole.choices[0].message.reasoning_content);
    assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
});

test('the helper that runs tools gets to the answer', async () => {
    for (const stream of [false, true]) {
        const asked = [];
        const runner = client.chat.completions.runTools(
            ask(PRODUCT, {
                stream,
                tools: [
                    {
                        type: 'function',
                        function: {
                            ...CALCULATOR,
                            parse: JSON.parse,
                            function: ({ expression }) => {
                                asked.push(expression);
                                return '816';
                            },
                        },
                    },
                ],
            }),
        );
        assert.match(await runner.finalContent(), /48 \* 17 = 816/);
        assert.deepEqual(asked, ['48 * 17']);
    }
});

test('the stream helper puts a tool call together', async () => {
    const stream = client.chat.completions.stream(
        ask(PRODUCT, { tools: [{ type: 'function', function: CALCULATOR }] }),
    );
    const completion = await stream.finalChatCompletion();
    const [call] = completion.choices[0].message.tool_calls;
    assert.equal(call.function.name, 'calculate');
    assert.deepEqual(JSON.parse(call.function.arguments), { expression: '48 * 17' });
    assert.equal(completion.choices[0].finish_reason, 'tool_calls');
});

test('formats are accepted', async () => {
    for (const response_format of [
        { type: 'json_object' },
        { type: 'json_schema', json_schema: { name: 'sum', strict: true, schema: SCHEMA } },
    ]) {
        const completion = await client.chat.completions.create(
            ask(SUM, { response_format, max_completion_tokens: 40 }),
        );
        assert.equal(completion.choices.length, 1);
    }
});

test('errors have their classes', async () => {
    const stranger = new OpenAI({ baseURL, apiKey: 'sk-guessed', maxRetries: 0 });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    await assert.rejects(client.chat.completions.create({ ...ask(SUM), model: 'gpt-5' }), (error) => {
        assert.ok(error instanceof OpenAI.NotFoundError);
        assert.equal(error.code, 'model_not_found');
        return true;
    });
    await assert.rejects(client.chat.completions.create(ask(SUM, { temperature: 'hot' })), (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.equal(error.param, 'temperature');
        assert.ok(error.requestID.startsWith('req_'));
        return true;
    });
    await assert.rejects(client.chat.completions.create(ask('9'.repeat(70000))), (error) => {
        assert.equal(error.code, 'context_length_exceeded');
        return true;
    });
    await assert.rejects(client.embeddings.create({ model: 'nano', input: 'Hello' }), OpenAI.NotFoundError);
});

test('aborted requests end', async () => {
    const logit_bias = await endless();
    const stream = await client.chat.completions.create(
        ask('Tell a story.', { stream: true, logit_bias, max_tokens: 60000 }),
    );
    let chunks = 0;
    for await (const chunk of stream) {
        assert.equal(chunk.object, 'chat.completion.chunk');
        if (++chunks === 5) {
            stream.controller.abort();
        }
    }
    await idle();
    const responding = await client.responses.create({
        model: 'nano',
        input: 'Tell a story.',
        stream: true,
        max_output_tokens: 60000,
        logit_bias,
    });
    for await (const event of responding) {
        if (event.type.endsWith('.delta')) {
            break;
        }
    }
    await idle();
});

test('a completion goes on with its prompt', async () => {
    const params = { model: 'nano', temperature: 0, max_tokens: 8, prompt: ['One, two', 'Three'] };
    const whole = await client.completions.create({ ...params, echo: true });
    assert.ok(whole.choices[0].text.startsWith('One, two'));
    assert.ok(whole.choices[1].text.startsWith('Three'));
    const texts = [...params.prompt];
    for await (const chunk of await client.completions.create({ ...params, stream: true })) {
        chunk.choices.forEach((choice) => (texts[choice.index] += choice.text));
    }
    assert.deepEqual(texts, whole.choices.map((choice) => choice.text));
});

test('models are listed', async () => {
    const ids = [];
    for await (const model of client.models.list()) {
        ids.push(model.id);
    }
    assert.deepEqual(ids, ['nano']);
});

test('a response reasons, answers, and is gone on from', async () => {
    const first = await client.responses.create({ model: 'nano', temperature: 0, input: SUM });
    assert.match(first.output_text, /42/);
    assert.deepEqual(first.output.map((item) => item.type), ['reasoning', 'message']);
    const second = await client.responses.create({
        model: 'nano',
        temperature: 0,
        input: 'What is 31 + 12?',
        previous_response_id: first.id,
    });
    assert.ok(second.usage.input_tokens > first.usage.input_tokens);
    assert.equal((await client.responses.retrieve(second.id)).output_text, second.output_text);
    await client.responses.delete(second.id);
    await assert.rejects(client.responses.retrieve(second.id), OpenAI.NotFoundError);
});

test('a streamed response is put together by the helper', async () => {
    const whole = await client.responses.create({ model: 'nano', temperature: 0, input: SUM });
    const stream = client.responses.stream({ model: 'nano', temperature: 0, input: SUM });
    let text = '';
    stream.on('response.output_text.delta', (event) => (text += event.delta));
    const response = await stream.finalResponse();
    assert.equal(text, whole.output_text);
    assert.equal(response.output_text, whole.output_text);
    assert.equal(response.output[0].content[0].text, whole.output[0].content[0].text);
});

test('a response calls a tool and takes its result', async () => {
    const params = {
        model: 'nano',
        temperature: 0,
        tools: [{ type: 'function', strict: false, ...CALCULATOR }],
    };
    const input = [{ role: 'user', content: PRODUCT }];
    const asked = await client.responses.stream({ ...params, input }).finalResponse();
    const call = asked.output.find((item) => item.type === 'function_call');
    assert.deepEqual(JSON.parse(call.arguments), { expression: '48 * 17' });
    const result = { type: 'function_call_output', call_id: call.call_id, output: '816' };
    // The helper adds fields of its own to the items; they go back as they are.
    const kept = await client.responses.create({ ...params, input: [...input, ...asked.output, result] });
    const stored = await client.responses.create({
        ...params,
        input: [result],
        previous_response_id: asked.id,
    });
    assert.match(kept.output_text, /48 \* 17 = 816/);
    assert.equal(stored.output_text, kept.output_text);
    assert.equal(stored.usage.input_tokens, kept.usage.input_tokens);
});

test('hosted tools are refused', async () => {
    await assert.rejects(
        client.responses.create({ model: 'nano', input: SUM, tools: [{ type: 'web_search' }] }),
        (error) => {
            assert.equal(error.param, 'tools[0].type');
            return true;
        },
    );
});
