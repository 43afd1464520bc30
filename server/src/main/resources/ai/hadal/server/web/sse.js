/** The events of an event stream as they come: `{ data }` for an event, `{ comment }` for a line that begins with a colon. */
export async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      let at = 0;
      for (let end; (end = rest.indexOf('\n', at)) >= 0; at = end + 1) {
        const line = rest.slice(at, rest[end - 1] === '\r' ? end - 1 : end);
        if (line.startsWith(':')) yield { comment: line.slice(1).trim() };
        else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        else if (line === '' && data.length) {
          yield { data: data.join('\n') };
          data = [];
        }
      }
      rest = rest.slice(at);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
