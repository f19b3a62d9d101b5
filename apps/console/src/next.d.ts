// As in next-env.d.ts, which Next writes for each build anew and which is therefore not kept.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
