// Before the library, which does not bring it along.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

export interface Certified {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Its own certificate, PEM. */
  readonly cert: string;
  /** Signs a certificate for `name`: of a client, unless it has host names. `endsAt`: until when it holds. */
  certify(name: string, options?: { hosts?: readonly string[]; endsAt?: Date }): Promise<Certified>;
}

/** A certificate authority of its own. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    cert: own.toString("pem"),
    async certify(subject, { hosts, endsAt = new Date(Date.now() + DAY_MS) } = {}) {
      const pair = await newKeys();
      const usage = hosts ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
      const names = hosts?.map((value) => ({
        type: /^[\d.]+$/.test(value) ? ("ip" as const) : ("dns" as const),
        value,
      }));
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: own.subject,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(Date.now() - 2 * DAY_MS),
        notAfter: endsAt,
        extensions: [
          new x509.ExtendedKeyUsageExtension([usage]),
          ...(names ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ],
      });
      const pkcs8 = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
      return { cert: certificate.toString("pem"), key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
    },
  };
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
