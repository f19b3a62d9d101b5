import { describe, expect, it } from "vitest";
import { sessionCookie, sessionTokenIn, withoutSessions } from "./session-cookie.ts";

const later = () => new Date(Date.now() + 60_500);

describe("the session's cookie", () => {
  it.each([
    ["muster.example", "muster_session"],
    ["localhost:4000", "muster_session_4000"],
    ["[::1]:4000", "muster_session_4000"],
    ["not a host", "muster_session"],
    [undefined, "muster_session"],
  ])("for the host %s is called %s", (host, name) => {
    const headers = host === undefined ? {} : { host };
    expect(sessionCookie({ headers }, "t", later())).toBe(`${name}=t; Max-Age=60; Path=/; HttpOnly; SameSite=Lax`);
    expect(sessionTokenIn({ headers: { ...headers, cookie: `x=1; ${name}=t` } })).toBe("t");
  });

  it.each(["https", "https, http", "HTTPS", "wss"])(
    "is Secure and the host's own when a proxy in front says %s",
    (proto) => {
      const headers = { host: "muster.example", "x-forwarded-proto": proto };
      expect(sessionCookie({ headers }, "t", later())).toBe(
        "__Host-muster_session=t; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax",
      );
      expect(sessionTokenIn({ headers: { ...headers, cookie: "__Host-muster_session=t" } })).toBe("t");
      // Anybody under the same domain, or on the way without TLS, could have planted this one.
      expect(sessionTokenIn({ headers: { ...headers, cookie: "muster_session=t" } })).toBeNull();
    },
  );

  it("is not Secure for a proxy of a proxy that came by http", () => {
    expect(sessionCookie({ headers: { "x-forwarded-proto": "http, https" } }, "t", later())).not.toMatch(/Secure/);
  });
});

describe("withoutSessions", () => {
  it.each([
    ["muster_session=t", undefined],
    ["", undefined],
    ["a=1; muster_session_4000=t; muster_session=u; b=2", "a=1; b=2"],
    ['a="x y"; b=%20; muster_session_1=t; ü=ä', 'a="x y"; b=%20; ü=ä'],
    ["muster_session_4000 =t; theme=dark", "theme=dark"],
    ["__Host-muster_session=t; __Host-muster_session_8443=u; __Host-other=v", "__Host-other=v"],
  ])("of %s leaves %s", (cookie, left) => {
    expect(withoutSessions(cookie)).toBe(left);
  });
});
