import { type SyntheticEvent, useCallback, useState } from "react";

interface Submit<Refused> {
  readonly busy: boolean;
  /** Why it was not done the last time. */
  readonly refusal: Refused | null;
  readonly forget: () => void;
  /** Does it, unless it is being done. `act` answers why it was refused, or null. */
  readonly submit: (act: () => Promise<Refused | null>, event?: SyntheticEvent) => Promise<void>;
}

/** What a form does: one thing at a time, and what was refused is kept to be shown. */
export function useSubmit<Refused = string>(): Submit<Refused> {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const submit = async (act: () => Promise<Refused | null>, event?: SyntheticEvent) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefusal(null);
    const refused = await act();
    setBusy(false);
    setRefusal(refused);
  };
  const forget = useCallback(() => setRefusal(null), []);
  return { busy, refusal, forget, submit };
}
