import { run } from "/work/main/bench/src/auth-rls.ts";
console.log(await run()); process.exit(0);
