import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** One thing that a module exports. */
export interface ExportedDeclaration {
  readonly name: string;
  /** As a declaration file has it, comments included. */
  readonly text: string;
  /** Names of types it refers to. */
  readonly refersTo: readonly string[];
}

/** What a module that only passes on what others declare exports, in its order. */
export function readSurface(file: string): readonly ExportedDeclaration[] {
  const source = parse(file, readFileSync(file, "utf8"));
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) throw new Error(`${file} declares something itself`);
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
      throw new Error(`${file} passes on whatever there is`);
    }
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const declarations = declarationsOf(join(dirname(file), moduleSpecifier.text));
    return exportClause.elements.map(({ name, propertyName }) => {
      const found = declarations.get((propertyName ?? name).text);
      if (found === undefined) throw new Error(`${moduleSpecifier.text} has no ${name.text}`);
      return { name: name.text, ...found };
    });
  });
}

type Declaration = Omit<ExportedDeclaration, "name">;

/** The declarations of one module, as the compiler would write them, found without checking types. */
function declarationsOf(file: string): ReadonlyMap<string, Declaration> {
  const compilerOptions = { isolatedDeclarations: true, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions,
  });
  const source = parse(file, outputText);
  return new Map(
    source.statements.flatMap((statement) =>
      namesOf(statement).map((name) => {
        const text = statement.getFullText(source).trim();
        return [name, { text, refersTo: referencesIn(statement) }] as const;
      }),
    ),
  );
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function referencesIn(root: ts.Node): readonly string[] {
  const names = new Set<string>();
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeParameterDeclaration(node)) own.add(node.name.text);
    if (ts.isTypeReferenceNode(node)) names.add(node.typeName.getText());
    if (ts.isTypeQueryNode(node)) names.add(node.exprName.getText());
    if (ts.isExpressionWithTypeArguments(node)) names.add(node.expression.getText());
    ts.forEachChild(node, visit);
  };
  visit(root);
  return [...names].filter((name) => !own.has(name));
}
