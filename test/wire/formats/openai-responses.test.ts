import { describe, expect, test } from 'vitest';
import { createInspection } from '../../../src/exchange/inspection.ts';
import { FIXED } from '../../../src/lib/limits.ts';
import { denialFor } from '../../../src/respond/denial.ts';
import { openaiResponses } from '../../../src/wire/formats/openai-responses.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { policyFrom } from '../../support/streams.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiResponses, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiResponses, direction: 'response' });

/** Events numbered from 0, as the API sends them. */
const stream = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]) =>
  read(
    events.map((event, i) => Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: i })}\n\n`)),
    { format: openaiResponses, direction: 'response', contentType: 'text/event-stream' },
  );

const bare = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: 'gpt-5', status: 'in_progress', output: [] };
const created = { type: 'response.created', response: bare };
const at = (index: number, rest: Record<string, unknown> = {}) => ({ output_index: index, item_id: `msg_${index}`, ...rest });

describe('a request', () => {
  test('that is one text is what the user says', () => {
    const { frames, facts } = request({
      model: 'gpt-5',
      input: 'hello',
      instructions: 'be kind',
      stream: true,
      previous_response_id: 'resp_0',
    });
    expect(values({ frames })).toEqual([
      ['user', 'input', 'hello'],
      ['system', 'instructions', 'be kind'],
    ]);
    expect(facts).toMatchObject({ model: 'gpt-5', stream: true, conversationId: 'resp_0' });
  });

  test('names its conversation, whichever comes first', () => {
    expect(request({ conversation: 'conv_1', previous_response_id: 'resp_0' }).facts.conversationId).toBe('conv_1');
    expect(request({ previous_response_id: 'resp_0', conversation: { id: 'conv_2' } }).facts.conversationId).toBe('conv_2');
  });

  test('gives messages the lane of their role, text parts side by side being one text', () => {
    const input = [
      { role: 'developer', content: 'be brief' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: '4111 1111 ' },
          { type: 'input_text', text: '1111 1111' },
          { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'auto' },
          { type: 'input_text', text: 'after' },
          { type: 'input_file', file_data: 'data:text/plain;base64,QUJD', filename: 'a.txt' },
          { type: 'input_file', file_url: 'https://example.com/f' },
          { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
        ],
      },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        status: 'completed',
        content: [{ type: 'output_text', text: 'hi', annotations: [] }],
      },
      { type: 'item_reference', id: 'msg_0' },
    ];
    expect(values(request({ input }))).toEqual([
      ['system', 'input.0.content', 'be brief'],
      ['user', 'input.1.content', '4111 1111 1111 1111'],
      ['user', 'input.1.content.2', 'after'],
      ['user', 'input.1.content.4.filename', 'a.txt'],
      ['user', 'input.1.content.5.file_url', 'https://example.com/f'],
      ['user', 'input.1.content.6.input_audio.format', 'wav'],
      ['assistant-history', 'input.2.content', 'hi'],
    ]);
  });

  test.each([
    [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"to":"bob"}' },
      [
        ['tool-arguments', 'to'],
        ['tool-arguments', 'bob'],
      ],
    ],
    [{ type: 'function_call_output', call_id: 'c', output: 'sunny' }, [['tool-result', 'sunny']]],
    [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'rain' }] }, [['tool-result', 'rain']]],
    [{ type: 'custom_tool_call', call_id: 'c', name: 'sql', input: 'select 1' }, [['tool-arguments', 'select 1']]],
    [{ type: 'custom_tool_call_output', call_id: 'c', output: 'rows' }, [['tool-result', 'rows']]],
    [
      { type: 'computer_call', id: 'i', call_id: 'c', action: { type: 'type', text: 'typed' }, pending_safety_checks: [] },
      [['tool-arguments', 'typed']],
    ],
    [{ type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,aaaa' } }, []],
    [
      {
        type: 'reasoning',
        id: 'r',
        summary: [{ type: 'summary_text', text: 'short' }],
        content: [{ type: 'reasoning_text', text: 'long' }],
        encrypted_content: 'gAAAAB==',
      },
      [
        ['reasoning', 'short'],
        ['reasoning', 'long'],
      ],
    ],
    [
      {
        type: 'mcp_list_tools',
        id: 'm',
        server_label: 'shop',
        tools: [{ name: 'buy', description: 'buys', input_schema: { type: 'object' } }],
      },
      [
        ['tool-definition', 'buys'],
        ['tool-definition', 'object'],
      ],
    ],
    [
      { type: 'mcp_call', id: 'm', server_label: 'shop', name: 'buy', arguments: '{"n":"pen"}', output: 'bought', error: null },
      [
        ['tool-arguments', 'n'],
        ['tool-arguments', 'pen'],
        ['tool-result', 'bought'],
      ],
    ],
    [
      { type: 'mcp_approval_request', id: 'm', server_label: 'shop', name: 'buy', arguments: '{"n":"ink"}' },
      [
        ['tool-arguments', 'n'],
        ['tool-arguments', 'ink'],
      ],
    ],
    [{ type: 'mcp_approval_response', approval_request_id: 'm', approve: false, reason: 'too dear' }, [['user', 'too dear']]],
    [
      {
        type: 'web_search_call',
        id: 'w',
        status: 'completed',
        action: { type: 'search', query: 'weather', sources: [{ type: 'url', url: 'https://e.com' }] },
      },
      [
        ['tool-arguments', 'weather'],
        ['tool-arguments', 'url'],
        ['tool-arguments', 'https://e.com'],
      ],
    ],
    [
      {
        type: 'file_search_call',
        id: 'f',
        queries: ['q'],
        results: [{ file_id: 'file_1', filename: 'n.md', score: 0.123456789, text: 'found' }],
      },
      [
        ['tool-arguments', 'q'],
        ['document', 'n.md'],
        ['document', 'found'],
      ],
    ],
    [
      { type: 'code_interpreter_call', id: 'x', container_id: 'cntr', code: 'print(1)', outputs: [{ type: 'logs', logs: '1' }] },
      [
        ['tool-arguments', 'print(1)'],
        ['tool-result', '1'],
      ],
    ],
    [
      { type: 'local_shell_call', id: 'l', call_id: 'c', action: { type: 'exec', command: ['ls', '-l'], env: { HOME: '/h' } } },
      [
        ['tool-arguments', 'ls'],
        ['tool-arguments', '-l'],
        ['tool-arguments', '/h'],
      ],
    ],
    [{ type: 'local_shell_call_output', id: 'l', output: 'files' }, [['tool-result', 'files']]],
    [{ type: 'shell_call', call_id: 'c', action: { commands: ['pwd'] } }, [['tool-arguments', 'pwd']]],
    [
      { type: 'shell_call_output', call_id: 'c', output: [{ stdout: 'out', stderr: 'err', outcome: { type: 'exit', exit_code: 0 } }] },
      [
        ['tool-result', 'out'],
        ['tool-result', 'err'],
        ['tool-result', 'exit'],
      ],
    ],
    [
      { type: 'apply_patch_call', call_id: 'c', operation: { type: 'update_file', path: 'a.ts', diff: '+x' } },
      [
        ['tool-arguments', 'a.ts'],
        ['tool-arguments', '+x'],
      ],
    ],
    [{ type: 'apply_patch_call_output', call_id: 'c', status: 'failed', output: 'no file' }, [['tool-result', 'no file']]],
    [
      {
        type: 'image_generation_call',
        id: 'g',
        status: 'completed',
        result: 'iVBORw0KGgo=',
        revised_prompt: 'a cat',
        size: '1024x1024',
        action: 'edit',
      },
      [['tool-arguments', 'a cat']],
    ],
    [{ type: 'compaction', id: 'k', encrypted_content: 'gAAAAB==' }, []],
    [{ type: 'brand_new', note: 'read' }, [['user', 'read']]],
  ])('reads an item of the kind %j', (item, expected) => {
    const { frames, facts } = request({ input: [item] });
    expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual(expected);
    expect(facts.toolsCalled).toEqual([]);
  });

  test('names the tools that are declared, in namespaces too, and reads what is said of them', () => {
    const { frames, facts } = request({
      input: '',
      tools: [
        { type: 'function', name: 'send', description: 'sends', parameters: {}, strict: true },
        { type: 'custom', name: 'sql', format: { type: 'grammar', syntax: 'lark', definition: 'start: x' } },
        {
          type: 'mcp',
          server_label: 'shop',
          server_url: 'https://shop.example/mcp',
          headers: { authorization: 'Bearer t' },
          allowed_tools: ['buy'],
        },
        { type: 'namespace', name: 'crm', description: 'customers', tools: [{ type: 'function', name: 'find', description: 'finds' }] },
        { type: 'web_search' },
      ],
    });
    expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual(
      ['sends', 'grammar', 'lark', 'start: x', 'https://shop.example/mcp', 'Bearer t', 'buy', 'customers', 'finds'].map((text) => [
        'tool-definition',
        text,
      ]),
    );
    expect(facts.toolsDeclared).toEqual(['send', 'sql', 'shop', 'find', 'web_search']);
  });

  test('leaves no string unread', () => {
    const found = values(
      request({
        prompt: { id: 'pmpt_1', version: '2', variables: { name: 'Ann', card: { type: 'input_text', text: 'x' } } },
        text: { format: { type: 'json_schema', name: 'shape', schema: { description: 'd' } } },
        metadata: { ticket: 'T' },
        user: 'u-1',
        seed: 1_234_567_890,
        items: [{ role: 'user', content: 'kept' }],
      }),
    );
    expect(found).toEqual([
      ['user', 'prompt.variables.name', 'Ann'],
      ['user', 'prompt.variables.card', 'x'],
      ['other', 'body.text.format.type', 'json_schema'],
      ['other', 'body.text.format.name', 'shape'],
      ['other', 'body.text.format.schema.description', 'd'],
      ['other', 'body.metadata.ticket', 'T'],
      ['other', 'body.user', 'u-1'],
      ['other', 'body.seed', '1234567890'],
      ['user', 'items.0.content', 'kept'],
    ]);
  });

  test('that has nothing of this dialect does not fit', () => {
    const { facts, frames } = request({ survey: 7, answers: ['yes'] });
    expect(facts.unfit).toBe(true);
    expect(values({ frames })).toEqual([['user', 'body.answers.0', 'yes']]);
    expect(request({}).facts.unfit).toBeUndefined();
    expect(request(['x']).facts.unfit).toBe(true);
  });
});

describe('a whole answer', () => {
  test('has every item in its lane, and repeats what was asked as what it was', () => {
    const { frames, facts } = response({
      ...bare,
      status: 'completed',
      instructions: 'be kind',
      tools: [{ type: 'function', name: 'send', description: 'sends' }],
      conversation: { id: 'conv_1' },
      output: [
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'thinks' }] },
        { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'send', arguments: '{"to":"bob"}', status: 'completed' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [
            {
              type: 'output_text',
              text: 'text',
              annotations: [{ type: 'url_citation', url: 'https://e.com', title: 'E', start_index: 0, end_index: 4 }],
              logprobs: [{ token: 'text' }],
            },
            { type: 'refusal', refusal: 'sorry' },
          ],
        },
      ],
      usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
      metadata: { ticket: 'T' },
    });
    expect(values({ frames })).toEqual([
      ['reasoning', 'output.0.summary.0', 'thinks'],
      ['tool-arguments', 'output.1.arguments/0', 'to'],
      ['tool-arguments', 'output.1.arguments/1', 'bob'],
      ['tool-arguments', 'output.2.action.query', 'q'],
      ['output', 'output.3.content.0', 'text'],
      ['output', 'output.3.content.0.annotations.0.type', 'url_citation'],
      ['output', 'output.3.content.0.annotations.0.url', 'https://e.com'],
      ['output', 'output.3.content.0.annotations.0.title', 'E'],
      ['output', 'output.3.content.0.logprobs.0.token', 'text'],
      ['refusal', 'output.3.content.1.refusal', 'sorry'],
      ['system', 'instructions', 'be kind'],
      ['tool-definition', 'tools.0.description', 'sends'],
      ['output', 'metadata.ticket', 'T'],
    ]);
    expect(frames[0]!.echoes).toHaveLength(1);
    expect(facts).toEqual({
      responseId: 'resp_1',
      resumeId: 'resp_1',
      responseModel: 'gpt-5',
      conversationId: 'conv_1',
      inputTokens: 3,
      outputTokens: 4,
      toolsDeclared: [],
      toolsCalled: ['send', 'web_search'],
      finishReasons: ['completed'],
      methods: [],
    });
  });

  test('that is incomplete says why', () => {
    const { facts } = response({ ...bare, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(facts.finishReasons).toEqual(['max_output_tokens']);
  });

  test('that is a page of input items gives each its role', () => {
    const data = [
      { type: 'message', id: 'a', role: 'user', content: [{ type: 'input_text', text: 'asked' }] },
      { type: 'function_call', id: 'b', call_id: 'c', name: 'f', arguments: '{}' },
    ];
    const { frames, facts } = response({ object: 'list', data, first_id: 'a', last_id: 'b', has_more: false });
    expect(values({ frames })).toEqual([['user', 'data.0.content', 'asked']]);
    expect(facts.toolsCalled).toEqual([]);
  });

  test('that is an error is read', () => {
    expect(values(response({ error: { message: 'no', code: 'c' } }))).toEqual([
      ['output', 'error.message', 'no'],
      ['output', 'error.code', 'c'],
    ]);
  });
});

describe('a stream', () => {
  test('gathers text by output and content index, and reads what repeats it as texts of its own', () => {
    const message = { type: 'message', id: 'msg_0', role: 'assistant', status: 'in_progress', content: [] as unknown[] };
    const full = { type: 'output_text', text: 'hello', annotations: [] };
    const done = { ...message, status: 'completed', content: [full] };
    const { frames, facts } = stream([
      created,
      { type: 'response.output_item.added', output_index: 0, item: message },
      { type: 'response.content_part.added', ...at(0, { content_index: 0 }), part: { ...full, text: '' } },
      { type: 'response.output_text.delta', ...at(0, { content_index: 0 }), delta: 'hel', logprobs: [] },
      { type: 'response.output_text.delta', ...at(1, { content_index: 0 }), delta: 'other' },
      { type: 'response.output_text.delta', ...at(0, { content_index: 1 }), delta: 'second' },
      { type: 'response.output_text.delta', ...at(0, { content_index: 0, item_id: 'renamed' }), delta: 'lo' },
      { type: 'response.output_text.done', ...at(0, { content_index: 0 }), text: 'hello' },
      { type: 'response.content_part.done', ...at(0, { content_index: 0 }), part: full },
      { type: 'response.output_item.done', output_index: 0, item: done },
      {
        type: 'response.completed',
        response: { ...bare, status: 'completed', output: [done], usage: { input_tokens: 1, output_tokens: 2 } },
      },
    ]);
    expect(values({ frames })).toEqual([
      ['output', 'output.0.content.0', 'hello'],
      ['output', 'output.1.content.0', 'other'],
      ['output', 'output.0.content.1', 'second'],
      ['output', expect.stringContaining('~event.text'), 'hello'],
      ['output', expect.stringContaining('~part'), 'hello'],
      ['output', expect.stringContaining('~item.content.0'), 'hello'],
      ['output', expect.stringContaining('response~output.0.content.0'), 'hello'],
    ]);
    expect(frames[7]!.laneEnds).toContain('output.0.content.0');
    expect(frames[9]!.laneEnds).toContain('output.0.content.1');
    expect(frames[10]!.laneEnds).toEqual(['*']);
    expect(facts).toMatchObject({ responseId: 'resp_1', finishReasons: ['completed'], inputTokens: 1, outputTokens: 2 });
  });

  test.each([
    ['refusal', { content_index: 0 }, 'refusal', 'refusal'],
    ['reasoning_text', { content_index: 0 }, 'reasoning', 'text'],
    ['reasoning_summary_text', { summary_index: 0 }, 'reasoning', 'text'],
    ['custom_tool_call_input', {}, 'tool-arguments', 'input'],
    ['code_interpreter_call_code', {}, 'tool-arguments', 'code'],
    ['shell_call_command', { command_index: 0 }, 'tool-arguments', 'command'],
    ['apply_patch_call_operation_diff', {}, 'tool-arguments', 'diff'],
    ['audio.transcript', {}, 'output', 'transcript'],
    ['brand_new', {}, 'output', 'text'],
  ])('joins what %s events add, and ends it with what is done', (kind, place, lane, field) => {
    const { frames } = stream([
      created,
      { type: `response.${kind}.delta`, ...at(0, place), delta: 'ab' },
      { type: `response.${kind}.delta`, ...at(0, place), delta: 'cd' },
      { type: `response.${kind}.done`, ...at(0, place), [field]: 'abcd' },
    ]);
    const found = values({ frames });
    expect(found.map(([at_, , text]) => [at_, text])).toEqual([
      [lane, 'abcd'],
      [lane, 'abcd'],
    ]);
    expect(frames[3]!.laneEnds).toContain(found[0]![1]);
  });

  test.each(['function_call', 'mcp_call'])('decodes the arguments of a %s a second time, in deltas and when done', (type) => {
    const item = { type, id: 'fc_0', call_id: 'c', name: 'send', arguments: '' };
    const { frames, facts } = stream([
      created,
      { type: 'response.output_item.added', output_index: 0, item },
      { type: `response.${type}_arguments.delta`, ...at(0), delta: '{"to":"b' },
      { type: `response.${type}_arguments.delta`, ...at(0), delta: 'ob"}' },
      { type: `response.${type}_arguments.done`, ...at(0), arguments: '{"to":"\\u0062ob"}' },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, arguments: '{"to":"bob"}' } },
    ]);
    expect(values({ frames }).map(([lane, key, text]) => [lane, key.endsWith('/1'), text])).toEqual(
      [1, 2, 3].flatMap(() => [
        ['tool-arguments', false, 'to'],
        ['tool-arguments', true, 'bob'],
      ]),
    );
    expect(facts.toolsCalled).toEqual(['send']);
  });

  test('waits for nothing after arguments that are done, even where a number stands at their end', () => {
    const { frames } = stream([
      created,
      { type: 'response.function_call_arguments.done', ...at(0), arguments: '{"n":123456789' },
      { type: 'response.function_call_arguments.done', ...at(0), arguments: '{"n":987654321}' },
    ]);
    expect(frames.map(({ segments }) => segments.map(({ text }) => text))).toEqual([
      [],
      ['n', '123456789'],
      ['n', '987654321'],
      [], // without bytes: the call is complete because the stream is
    ]);
  });

  test('goes on with the text an item or a part begins with', () => {
    const { frames } = stream([
      created,
      { type: 'response.content_part.added', ...at(0, { content_index: 0 }), part: { type: 'output_text', text: '4111 1111 ' } },
      { type: 'response.output_text.delta', ...at(0, { content_index: 0 }), delta: '1111 1111' },
      { type: 'response.reasoning_summary_part.added', ...at(1, { summary_index: 2 }), part: { type: 'summary_text', text: 'a' } },
      { type: 'response.reasoning_summary_text.delta', ...at(1, { summary_index: 2 }), delta: 'b' },
      { type: 'response.shell_call_command.added', ...at(2, { command_index: 0 }), command: 'l' },
      { type: 'response.shell_call_command.delta', ...at(2, { command_index: 0 }), delta: 's' },
      { type: 'response.shell_call_output_content.delta', ...at(3, { command_index: 0 }), delta: { stdout: 'o' } },
      { type: 'response.shell_call_output_content.delta', ...at(3, { command_index: 0 }), delta: { stdout: 'k', stderr: 'e' } },
    ]);
    expect(values({ frames })).toEqual([
      ['output', 'output.0.content.0', '4111 1111 1111 1111'],
      ['reasoning', 'output.1.summary.2', 'ab'],
      ['tool-arguments', 'output.2.action.commands.0', 'ls'],
      ['tool-result', 'output.3.output.0.stdout', 'ok'],
      ['tool-result', 'output.3.output.0.stderr', 'e'],
    ]);
  });

  test('passes pictures and sound over, and reads everything else', () => {
    const { frames } = stream([
      created,
      { type: 'response.image_generation_call.partial_image', ...at(0), partial_image_b64: 'iVBORw0KGgo=', partial_image_index: 0 },
      { type: 'response.audio.delta', delta: 'UklGRg==' },
      { type: 'response.output_text.annotation.added', ...at(1), annotation: { type: 'url_citation', url: 'https://e.com' } },
      { type: 'response.web_search_call.in_progress', ...at(1), note: 'new' },
      { type: 'error', code: 'server_error', message: 'broken', param: null },
    ]);
    expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual([
      ['output', 'url_citation'],
      ['output', 'https://e.com'],
      ['output', 'new'],
      ['output', 'server_error'],
      ['output', 'broken'],
    ]);
  });

  test('ends early as incomplete, with the number that is next and without taking away what the client has', () => {
    const { frames } = stream([created, { type: 'response.output_text.delta', ...at(0, { content_index: 0 }), delta: 'a' }]);
    const ending = openaiResponses.ending(frames.at(-1)!.position, denialFor('content_filter')).toString();
    const [event, data, ...rest] = ending.split('\n');
    expect([event, rest]).toEqual(['event: response.incomplete', ['', '']]);
    expect(JSON.parse(data!.slice('data: '.length))).toEqual({
      type: 'response.incomplete',
      sequence_number: 2,
      response: {
        id: 'resp_1',
        object: 'response',
        created_at: 1_700_000_000,
        model: 'gpt-5',
        error: null,
        usage: null,
        status: 'incomplete',
        incomplete_details: { reason: 'content_filter' },
        output: [],
      },
    });
  });

  describe('gives back what was let through as its output', () => {
    const begin = (output_index: number, id: string) => ({
      type: 'response.output_item.added',
      output_index,
      item: { type: 'message', id, role: 'assistant', content: [] },
    });
    const say = (output_index: number, delta: string) => ({
      type: 'response.output_text.delta',
      ...at(output_index, { content_index: 0 }),
      delta,
    });
    const call = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'send', arguments: '{"to":"anna@example.org"}' };
    const denied = say(1, `the key is ${'AKIA'}QZ7M3KX5TWNB2RVD . `);

    /** Items of the last event of a stream in which a key is denied and an address is redacted. */
    function outputOf(events: readonly { readonly type: string; readonly [field: string]: unknown }[]): unknown {
      // These two alone: an automaton that other tests read with too holds more once it has made many states.
      const detectors = '{"*": {action: off}, pii.email: {action: redact}, secret.aws-access-key: {action: deny}}';
      const policy = policyFrom(`version: 1\ndetectors: ${detectors}\n`);
      const inspection = createInspection({
        direction: 'response',
        format: openaiResponses,
        contentType: 'text/event-stream',
        contentEncoding: undefined,
        profile: policy.route({ routeName: undefined, host: '', path: '' }).profile,
        mode: 'enforce',
        failMode: policy.failMode,
        limits: policy.limits,
        facts: emptyFacts(),
        findings: [],
      });
      inspection.push(Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')));
      const data = inspection.ending(inspection.denial!).toString().split('\n').at(1)!;
      return JSON.parse(data.slice('data: '.length)).response.output;
    }

    test('done items as they left, and of a message what was said', () => {
      const events = [created, { type: 'response.output_item.done', output_index: 0, item: call }, begin(1, 'msg_1')];
      expect(outputOf([...events, say(1, 'Mail anna@example'), say(1, '.org now, '), say(1, 'and '), denied])).toEqual([
        { ...call, arguments: '{"to":"[REDACTED:pii.email]"}' },
        {
          type: 'message',
          id: 'msg_1',
          status: 'incomplete',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Mail [REDACTED:pii.email] now, and ', annotations: [] }],
        },
      ]);
    });

    test.each([-1, 0, 1])('or nothing, where that is more than may be kept: %i', (more) => {
      const text = 'so '.repeat(FIXED.keptUnits).slice(0, FIXED.keptUnits + more - 'end. '.length);
      const pieces = Array.from({ length: 8 }, (_, i) => say(1, text.slice((i * text.length) / 8, ((i + 1) * text.length) / 8)));
      expect(outputOf([created, begin(1, 'msg_1'), ...pieces, say(1, 'end. '), denied])).toHaveLength(more > 0 ? 0 : 1);
    });
  });

  test('begins before it ends for a client that has seen nothing, and adds nothing to one that has ended', () => {
    const fresh = openaiResponses.ending(undefined, denialFor('content_filter')).toString();
    expect(fresh.split('\n').filter((line) => line.startsWith('event:'))).toEqual([
      'event: response.created',
      'event: response.incomplete',
    ]);
    const { frames } = stream([created, { type: 'response.completed', response: { ...bare, status: 'completed' } }]);
    expect(openaiResponses.ending(frames.at(-1)!.position, denialFor('content_filter'))).toHaveLength(0);
  });
});

test('names of fields it does not know are text', () => {
  expect(lanes(request({ input: [{ role: 'user', content: '', odd_name: 1 }] })).map(([lane, , text]) => [lane, text])).toEqual([
    ['user', 'odd_name'],
  ]);
});
