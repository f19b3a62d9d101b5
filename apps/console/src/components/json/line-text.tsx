/** Longer lines are cut: one string may be the whole document. */
const LONGEST = 2_000;

/** The text of a line, within reason. */
export function LineText({ text }: { readonly text: string }) {
  if (text.length <= LONGEST) return text;
  return (
    <>
      {text.slice(0, LONGEST)}
      <span className="font-sans text-sm"> … {(text.length - LONGEST).toLocaleString("en")} more characters</span>
    </>
  );
}
