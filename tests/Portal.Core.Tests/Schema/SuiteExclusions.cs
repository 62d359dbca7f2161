namespace Portal.Core.Tests.Schema;

/// <param name="Draft">The suite's folder, or * for all.</param>
/// <param name="File">Path below it, or * for all.</param>
/// <param name="Group">Description of the group, or * for all.</param>
/// <param name="Test">Description of the case, or * for all.</param>
/// <param name="Reason">Why it cannot apply here.</param>
internal sealed record SuiteExclusion(string Draft, string File, string Group, string Test, string Reason);

internal static class SuiteExclusions
{
    private const string Remote =
        "Schemas are read from the template alone: a $ref to another document is named as unsupported and constrains nothing.";
    private const string Metaschema = "Refers to the meta-schema, which is another document.";
    private const string Id = "$id below the root is named as unsupported: references are #/… pointers.";
    private const string Anchor = "Anchors are named as unsupported: references are #/… pointers.";
    private const string Dynamic = "$dynamicRef and $recursiveRef are named as unsupported.";
    private const string Unevaluated = "unevaluatedItems and unevaluatedProperties are named as unsupported.";
    private const string Content =
        "contentEncoding and contentMediaType are named as unsupported; draft-07 makes them optional.";
    private const string Format = "The format is named as unsupported; support of each format is optional.";

    public static IReadOnlyList<SuiteExclusion> All { get; } =
    [
        new("*", "anchor.json", "*", "*", Anchor),
        new("*", "definitions.json", "validate definition against metaschema", "*", Metaschema),
        new("*", "defs.json", "validate definition against metaschema", "*", Metaschema),
        new("*", "dynamicRef.json", "*", "*", Dynamic),
        new("*", "id.json", "*", "*", Id),
        new("*", "not.json", "collect annotations inside a 'not', even if collection is disabled", "*", Unevaluated),
        new("*", "optional/content.json", "validation of binary string-encoding", "*", Content),
        new("*", "optional/content.json", "validation of binary-encoded media type documents", "*", Content),
        new("*", "optional/content.json", "validation of string-encoded content based on media type", "*", Content),
        new("*", "optional/cross-draft.json", "refs to future drafts are processed as future drafts", "*", Remote),
        new("*", "optional/ecmascript-regex.json", "\\a is not an ECMA 262 control escape", "*", Metaschema),
        new("*", "optional/format/idn-email.json", "*", "*", Format),
        new("*", "optional/format/idn-hostname.json", "*", "*", Format),
        new("*", "optional/format/iri-reference.json", "*", "*", Format),
        new("*", "optional/format/iri.json", "*", "*", Format),
        new("*", "optional/format/uri-template.json", "*", "*", Format),
        new("*", "recursiveRef.json", "*", "*", Dynamic),
        new("*", "ref.json", "$id must be resolved against nearest parent, not just immediate parent", "*", Id),
        new("*", "ref.json", "$ref prevents a sibling $id from changing the base uri", "*", Id),
        new("*", "ref.json", "Location-independent identifier", "*", Anchor),
        new("*", "ref.json", "Location-independent identifier with base URI change in subschema", "*", Anchor),
        new("*", "ref.json", "Recursive references between schemas", "*", Id),
        new("*", "ref.json", "URN base URI with URN and JSON pointer ref", "*", Id),
        new("*", "ref.json", "URN base URI with URN and anchor ref", "*", Anchor),
        new("*", "ref.json", "URN base URI with f-component", "*", Id),
        new("*", "ref.json", "URN ref with nested pointer ref", "*", Id),
        new("*", "ref.json", "order of evaluation: $id and $anchor and $ref", "*", Anchor),
        new("*", "ref.json", "order of evaluation: $id and $ref", "*", Id),
        new("*", "ref.json", "ref creates new scope when adjacent to keywords", "*", Unevaluated),
        new("*", "ref.json", "ref to else", "*", Id),
        new("*", "ref.json", "ref to if", "*", Id),
        new("*", "ref.json", "ref to then", "*", Id),
        new("*", "ref.json", "ref with absolute-path-reference", "*", Id),
        new("*", "ref.json", "refs with relative uris and defs", "*", Id),
        new("*", "ref.json", "relative refs with absolute uris and defs", "*", Id),
        new("*", "ref.json", "remote ref, containing refs itself", "*", Remote),
        new("*", "ref.json", "simple URN base URI with $ref via the URN", "*", Id),
        new("*", "refRemote.json", "*", "*", Remote),
        new("*", "unevaluatedItems.json", "*", "*", Unevaluated),
        new("*", "unevaluatedProperties.json", "*", "*", Unevaluated),
        new("*", "unknownKeyword.json", "$id inside an unknown keyword is not a real identifier", "*", Id),
        new(
            "*", "vocabulary.json", "schema that uses custom metaschema with with no validation vocabulary", "*",
            Metaschema),
    ];

    public static SuiteExclusion? Find(string draft, string file, string group, string test)
        => All.FirstOrDefault(
            entry => Is(entry.Draft, draft) && Is(entry.File, file) && Is(entry.Group, group) && Is(entry.Test, test));

    private static bool Is(string pattern, string text) => pattern == "*" || pattern == text;
}
