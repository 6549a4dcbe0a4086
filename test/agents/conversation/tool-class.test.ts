import { describe, expect, test } from 'vitest';
import { compileToolClasses } from '../../../src/agents/conversation/compile-flows.ts';
import { wordsOf } from '../../../src/agents/conversation/identifier-words.ts';
import { classifyTool, type ToolClass } from '../../../src/agents/conversation/tool-class.ts';

const NONE: readonly ToolClass[] = [];
const UNTRUSTED: readonly ToolClass[] = ['untrusted-content'];
const PRIVATE: readonly ToolClass[] = ['private-data'];
const BOTH: readonly ToolClass[] = ['untrusted-content', 'private-data'];
const SENDS: readonly ToolClass[] = ['sends-data'];
const HARMS: readonly ToolClass[] = ['harmful-action'];
const WEB: readonly ToolClass[] = ['untrusted-content', 'sends-data'];

const named = (classes: readonly ToolClass[], names: string) => names.split(' ').map((name) => [name, classes] as const);

/** Names of common servers, of our own, and some that mislead. */
const NAMES = [
  ...named(NONE, 'get_current_time convert_time calculator add echo get_weather getForecast create_chart set_title update_counter'),
  ...named(WEB, 'fetch browser_navigate http_request fetch_url web_fetch browserNavigate browser-click'),
  ...named(UNTRUSTED, 'web_search brave_web_search get_issue list-issues searchCode slack_get_channel_history scrape_page readTweet'),
  ...named(BOTH, 'read_file list_directory GmailReadEmail search_emails getInboxMessages read-email get_email_thread view_calendar'),
  ...named(
    PRIVATE,
    'read_query list_customers get_account_balance list_payments list_transactions getPatientRecord get_secret find_invoices',
  ),
  ...named(PRIVATE, 'get_payslip fetch_salary list_vault_items show_passwords getOrderHistory lookup_employee get_ssn'),
  ...named(SENDS, 'send_email sendEmail send-mail slack_post_message reply_to_thread create_issue create_gist upload_file share_note'),
  ...named(SENDS, 'forward_email post_tweet publish_article tweet sms_customer ftp_put'),
  ...named(HARMS, 'delete_file bash run_command execute_sql write_query pay_bill transfer_money place_order unlock_door grant_access'),
  ...named(
    HARMS,
    'capture_payment rotate_keys stop_instance truncate_table kick_member format_disk openGarage set_thermostat disable-alarm',
  ),
  ...named(HARMS, 'book_flight schedule_appointment requestPrescription create_payout apply_migration move_file merge_pull_request'),
];

describe('the classes of a tool', () => {
  test('the table has eighty names and more', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(80);
    expect(new Set(NAMES.map(([name]) => name)).size).toBe(NAMES.length);
  });

  test.each(NAMES)('%s', (name, classes) => {
    expect([...classifyTool(name, []).classes].toSorted()).toEqual([...classes].toSorted());
  });

  test('a tool of which nothing is known brings untrusted content', () => {
    expect(classifyTool('frobnicate', [])).toEqual({ classes: new Set(UNTRUSTED), by: 'default' });
  });

  test('policy has the first and the last word, an empty list too, whatever the server hints', () => {
    const rows = compileToolClasses({ 'send_*': [], '*': ['private-data'] });
    expect(classifyTool('send_email', rows, { destructiveHint: true })).toEqual({ classes: new Set(), by: 'policy' });
    expect(classifyTool('anything', rows)).toEqual({ classes: new Set(PRIVATE), by: 'policy' });
  });

  test('hints of a server add and never take away', () => {
    expect(classifyTool('delete_file', [], { readOnlyHint: true }).classes).toEqual(new Set(HARMS));
    expect(classifyTool('get_current_time', [], { openWorldHint: true, destructiveHint: true }).classes).toEqual(
      new Set(['untrusted-content', 'harmful-action']),
    );
  });
});

describe('the words of an identifier', () => {
  test.each([
    ['GmailSearchEmails', ['gmail', 'search', 'emails']],
    ['mcp__files__read-file', ['mcp', 'files', 'read', 'file']],
    ['HTTPGet2', ['http', 'get']],
    ['', []],
  ])('%s', (identifier, words) => {
    expect(wordsOf(identifier)).toEqual(words);
  });

  test('sixteen words of 128 units are read at most', () => {
    expect(wordsOf('a_'.repeat(1000))).toHaveLength(16);
    expect(wordsOf('x'.repeat(1000))).toEqual(['x'.repeat(128)]);
  });
});
