/** What the address asks for now. What a page has read of it may be a moment behind, so changes are made to this. */
export function searchNow(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}
