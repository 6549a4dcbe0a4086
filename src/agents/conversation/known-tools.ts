import type { ToolClass } from './tool-class.ts';

/**
 * Tools of widely used servers and of the providers themselves whose names say too little or the wrong thing. The key is the name's words,
 * joined by `_`. Sources: the servers' published tool lists (modelcontextprotocol/servers, github-mcp-server, playwright-mcp) and the
 * providers' pages on built-in tools.
 */
export const KNOWN_TOOLS: ReadonlyMap<string, readonly ToolClass[]> = new Map<string, readonly ToolClass[]>([
  // Nothing goes in or out of these.
  ...rows(
    [],
    `get_current_time convert_time sequentialthinking calculator calculate add multiply echo get_weather get_current_weather
    get_forecast get_stock_price convert_currency translate`,
  ),
  // The web, both ways: what it answers is anybody's, and the address it is given can carry data.
  ...rows(
    ['untrusted-content', 'sends-data'],
    `fetch curl browser_navigate browser_click browser_type browser_evaluate puppeteer_navigate puppeteer_click puppeteer_fill
    puppeteer_evaluate http_request requests_get fetch_url web_fetch url_context navigate_to web_browser_navigate_to`,
  ),
  ...rows(
    ['untrusted-content'],
    `web_search google_search brave_web_search brave_local_search tavily_search search_web file_search browser_snapshot
    get_issue list_issues search_issues get_pull_request get_pull_request_comments get_pull_request_reviews get_file_contents
    search_code search_repositories list_commits get_thread_replies slack_get_channel_history slack_get_thread_replies
    conversations_history conversations_replies read_graph search_nodes open_nodes`,
  ),
  ...rows(
    ['untrusted-content', 'private-data'],
    'read_file read_text_file read_multiple_files read_media_file directory_tree search_files list_directory gdrive_search read_resource',
  ),
  ...rows(['private-data'], 'read_query list_tables describe_table execute_sql_query sql_query slack_get_users slack_get_user_profile'),
  ...rows(
    ['sends-data'],
    `create_issue add_issue_comment create_pull_request create_pull_request_review create_or_update_file push_files
    create_repository fork_repository slack_post_message slack_reply_to_thread slack_add_reaction chat_post_message`,
  ),
  ...rows(
    ['harmful-action'],
    `write_query execute_sql bash shell terminal computer code_execution code_interpreter str_replace_based_edit_tool
    str_replace_editor text_editor local_shell apply_patch write_file edit_file move_file delete_entities delete_file merge_pull_request`,
  ),
]);

function rows(classes: readonly ToolClass[], names: string): readonly (readonly [string, readonly ToolClass[]])[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, classes] as const);
}
