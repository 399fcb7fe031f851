/** Where the page of a task is. */
export function taskHref(taskId: string): string {
  return `/console/tasks/${encodeURIComponent(taskId)}`;
}

/** Where the page of a variant is. */
export function variantHref(taskId: string, variantId: string): string {
  return `${taskHref(taskId)}/variants/${encodeURIComponent(variantId)}`;
}

/** Where the page of a campaign is. */
export function campaignHref(campaignId: string): string {
  return `/console/campaigns/${encodeURIComponent(campaignId)}`;
}

/** Where the page of a decision is. */
export function decisionHref(decisionId: string): string {
  return `/console/decisions/${encodeURIComponent(decisionId)}`;
}

/** A page with values in its query; those that are empty or not given are left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
