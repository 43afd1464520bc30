// From a chat to the body of a request, and what the settings' texts mean.

/** The settings of a chat nobody has changed; a null sampling value leaves the choice to the server. */
export const DEFAULTS = Object.freeze({
  system: '',
  thinking: 'high',
  temperature: null,
  topP: null,
  maxTokens: null,
  seed: null,
  tools: '',
  model: '',
});

export const THINKING = ['none', 'high', 'max'];

/** The body that asks for the answer after these messages. */
export function requestBody(settings, messages, model) {
  const thinks = settings.thinking !== 'none';
  const tools = parseTools(settings.tools);
  const body = {
    model: model || undefined,
    messages: [...(settings.system.trim() ? [{ role: 'system', content: settings.system }] : []), ...messages.flatMap(wire)],
    stream: true,
    stream_options: { include_usage: true },
    thinking: { type: thinks ? 'enabled' : 'disabled' },
    reasoning_effort: thinks ? settings.thinking : undefined,
    temperature: settings.temperature ?? undefined,
    top_p: settings.topP ?? undefined,
    max_tokens: settings.maxTokens ?? undefined,
    seed: settings.seed ?? undefined,
    tools: tools.length ? tools : undefined,
  };
  return body;
}

/** A message as the API has it; an answer with tool calls is followed by their results. */
function wire(message) {
  if (message.role === 'user') return [{ role: 'user', content: message.content }];
  const calls = message.calls.filter((call) => !call.partial);
  if (!message.content && !calls.length) return [];
  const answer = { role: 'assistant', content: message.content };
  if (message.reasoning) answer.reasoning_content = message.reasoning;
  if (!calls.length) return [answer];
  answer.tool_calls = calls.map(({ id, name, arguments: text }) => ({ id, type: 'function', function: { name, arguments: text } }));
  return [answer, ...calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: call.result ?? 'No result was given.' }))];
}

/** The tools of their JSON text: a list of functions, each in OpenAI's envelope or bare. Throws a sentence. */
export function parseTools(text) {
  if (!text.trim()) return [];
  let list;
  try {
    list = JSON.parse(text);
  } catch (problem) {
    throw new Error(`The tools are not JSON: ${problem.message}`);
  }
  if (!Array.isArray(list)) throw new Error('The tools must be a JSON list, [ ... ].');
  return list.map((tool, index) => {
    const envelope = tool?.type === 'function' ? tool : { type: 'function', function: tool };
    if (typeof envelope.function?.name !== 'string') throw new Error(`Tool ${index + 1} has no "name".`);
    return envelope;
  });
}

export const EXAMPLE_TOOLS = JSON.stringify([{
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather at a place now',
    parameters: {
      type: 'object',
      properties: { place: { type: 'string' } },
      required: ['place'],
    },
  },
}], null, 2);
