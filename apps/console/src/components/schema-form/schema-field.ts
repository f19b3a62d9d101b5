/** How a part of a JSON Schema is asked for. */
export type SchemaField =
  | TextSchema
  | NumberSchema
  | ChoiceSchema
  | (FieldWords & { readonly kind: "flag" })
  | GroupSchema
  | ListSchema
  /** Anything, or what a form cannot ask for better: written as JSON. */
  | (FieldWords & { readonly kind: "any"; readonly long: boolean });

/** What a schema says about any of its parts. */
export interface FieldWords {
  readonly title: string | null;
  readonly description: string | null;
  readonly default: unknown;
  /** Whether null is a value of it. */
  readonly nullable: boolean;
}

export interface TextSchema extends FieldWords {
  readonly kind: "text";
  readonly pattern: string | null;
  readonly format: string | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

export interface NumberSchema extends FieldWords {
  readonly kind: "number";
  readonly whole: boolean;
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Whether the limits themselves are outside. */
  readonly above: boolean;
  readonly below: boolean;
  readonly multipleOf: number | null;
}

export interface ChoiceSchema extends FieldWords {
  readonly kind: "choice";
  readonly options: readonly (string | number | boolean)[];
}

export interface GroupSchema extends FieldWords {
  readonly kind: "group";
  readonly properties: readonly NamedField[];
  /** What properties of any other name hold; null where there may be none. */
  readonly others: SchemaField | null;
}

export interface NamedField {
  readonly name: string;
  readonly field: SchemaField;
  readonly required: boolean;
}

export interface ListSchema extends FieldWords {
  readonly kind: "list";
  readonly item: SchemaField;
  readonly minItems: number | null;
  readonly maxItems: number | null;
  /** Whether each item may be there once only. */
  readonly unique: boolean;
}
