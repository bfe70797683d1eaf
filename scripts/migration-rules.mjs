// What a migration may do while the release before goes on serving: add, and nothing else. Read by PostgreSQL's own parser.
import { parse } from "libpg-query";

/** Dropping these takes nothing away that a release asks for. */
const droppable = ["OBJECT_TRIGGER", "OBJECT_INDEX"];
/** Statements that neither hold anybody up nor take anything away. */
const harmless = [
  "CommentStmt",
  "CreateEnumStmt",
  "CreateExtensionStmt",
  "CreateFunctionStmt",
  "CreateSchemaStmt",
  "CreateSeqStmt",
  "CreateTrigStmt",
  "InsertStmt",
  "SelectStmt",
  "ViewStmt",
];
/** Constants, and what is one for a whole statement: PostgreSQL keeps such a default without touching a row. */
const stableFunctions = ["now", "transaction_timestamp", "statement_timestamp"];

/**
 * @param {string} sql of one migration
 * @returns {Promise<string[]>} why it may not be; empty when it may
 */
export async function problemsOf(sql) {
  const { stmts = [] } = await parse(sql);
  const statements = stmts.map(({ stmt }) => Object.entries(stmt)[0]);
  /** Tables that the migration makes itself: nobody waits for them. */
  const own = new Set(
    statements.flatMap(([kind, { relation }]) => (kind === "CreateStmt" ? [relation.relname] : [])),
  );
  const problems = [];
  for (const [kind, statement] of statements) {
    const table = statement.relation?.relname;
    if (kind === "CreateStmt") continue;
    else if (kind === "AlterTableStmt") {
      if (own.has(table)) continue;
      for (const { AlterTableCmd: command } of statement.cmds)
        problems.push(...ofCommand(table, command));
    } else if (kind === "IndexStmt") {
      if (!own.has(table) && !statement.concurrent)
        problems.push(`an index on ${table} holds its writers up: CREATE INDEX CONCURRENTLY`);
      if (statement.concurrent && statements.length > 1)
        problems.push(`${statement.idxname} is made concurrently: in a migration of its own`);
    } else if (kind === "DropStmt") {
      if (!droppable.includes(statement.removeType))
        problems.push(
          `${wordsOf(statement.removeType)} is dropped: the release before asks for it`,
        );
    } else if (kind === "AlterEnumStmt") {
      if (statement.oldVal) problems.push(`${statement.oldVal} is renamed: add a value beside it`);
    } else if (kind === "RenameStmt" || kind === "AlterObjectSchemaStmt") {
      problems.push(`${table ?? "something"} is renamed or moved: add the new one beside it`);
    } else if (kind === "UpdateStmt" || kind === "DeleteStmt") {
      if (!own.has(table) && !statement.whereClause)
        problems.push(`every row of ${table} is written: do that in batches, in a job`);
    } else if (kind === "VariableSetStmt") {
      if (/_timeout$/.test(statement.name))
        problems.push(`${statement.name} is set: the bounds are those of whoever applies it`);
    } else if (!harmless.includes(kind)) {
      problems.push(`${kind} is not known to be harmless`);
    }
  }
  return problems;
}

function ofCommand(table, { subtype, name, def }) {
  const column = `${table}.${name ?? def?.ColumnDef?.colname ?? def?.Constraint?.conname ?? ""}`;
  switch (subtype) {
    case "AT_AddColumn":
      return ofColumn(column, def.ColumnDef);
    case "AT_AddConstraint":
      return ofConstraint(column, def.Constraint);
    case "AT_ColumnDefault":
    case "AT_DropNotNull":
    case "AT_ValidateConstraint":
    case "AT_SetOptions":
    case "AT_SetRelOptions":
      return [];
    case "AT_DropColumn":
      return [`${column} is dropped: the release before asks for it`];
    case "AT_AlterColumnType":
      return [`${column} changes its type, which rewrites the table: add a column beside it`];
    case "AT_SetNotNull":
      return [`${column} may be empty no more: the release before leaves it so`];
    default:
      return [`${subtype} on ${column} is not known to be harmless`];
  }
}

function ofColumn(column, { constraints = [] }) {
  const of = (type) =>
    constraints.map(({ Constraint }) => Constraint).find(({ contype }) => contype === type);
  const fallback = of("CONSTR_DEFAULT")?.raw_expr;
  const problems = [];
  if (of("CONSTR_NOTNULL") && !fallback)
    problems.push(
      `${column} may not be empty and has no default: the release before leaves it out`,
    );
  if (fallback && !isStable(fallback))
    problems.push(`${column} has a default of its own for each row, which rewrites the table`);
  if (of("CONSTR_GENERATED") || of("CONSTR_IDENTITY"))
    problems.push(`${column} is computed for each row, which rewrites the table`);
  if (of("CONSTR_UNIQUE") || of("CONSTR_PRIMARY"))
    problems.push(`${column} is unique: make the index concurrently first`);
  return problems;
}

function isStable(expression) {
  const [[kind, node]] = Object.entries(expression);
  if (kind === "A_Const" || kind === "SQLValueFunction") return true;
  if (kind === "TypeCast") return isStable(node.arg);
  if (kind === "A_ArrayExpr") return (node.elements ?? []).every(isStable);
  return kind === "FuncCall" && stableFunctions.includes(node.funcname.at(-1).String.sval);
}

function ofConstraint(column, { contype, skip_validation, indexname }) {
  if (contype === "CONSTR_FOREIGN" || contype === "CONSTR_CHECK") {
    return skip_validation
      ? []
      : [`${column} is held against every row: NOT VALID, and VALIDATE in a migration of its own`];
  }
  if (indexname) return [];
  return [`${column} makes an index while writers wait: make it concurrently, then USING INDEX`];
}

function wordsOf(type) {
  return `a ${type.replace(/^OBJECT_/, "").toLowerCase()}`;
}
