using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>
/// One entity as its author describes it: Backstage's descriptor format, <c>backstage.io/v1alpha1</c>.
/// </summary>
/// <param name="Extent">Where its document stands in the file.</param>
public sealed partial record Descriptor(EntityRef Ref, JsonObject Json, YamlExtent Extent)
{
    public static readonly IReadOnlyList<string> Kinds =
        ["Component", "API", "Resource", "System", "Domain", "Group", "User", "Location", "Template"];

    private static readonly string[] Versions =
    [
        "backstage.io/v1alpha1", "backstage.io/v1beta1", "scaffolder.backstage.io/v1beta3"
    ];

    public JsonObject Metadata => Json["metadata"]!.AsObject();

    public JsonObject Spec => Json["spec"] as JsonObject ?? [];

    public string? Title => Text1(Metadata, "title") ?? Text1(Spec["profile"] as JsonObject, "displayName");

    public string? Description => Text1(Metadata, "description");

    public string? Type => Text1(Spec, "type");

    public string? Lifecycle => Text1(Spec, "lifecycle");

    public List<string> Tags => Texts(Metadata["tags"]).ToList();

    public EntityRef? Owner => Reference(Spec["owner"], "group");

    public EntityRef? System => Reference(Spec["system"], "system");

    /// <summary>The relations that the author states; their counterparts follow from them.</summary>
    public IEnumerable<(string Type, EntityRef Target)> Relations()
    {
        (string Type, string Member, string? Kind)[] stated =
        [
            (Entities.Relations.OwnedBy, "owner", "group"), (Entities.Relations.PartOf, "system", "system"),
            (Entities.Relations.PartOf, "domain", "domain"),
            (Entities.Relations.PartOf, "subcomponentOf", "component"),
            (Entities.Relations.ProvidesApi, "providesApis", "api"),
            (Entities.Relations.ConsumesApi, "consumesApis", "api"), (Entities.Relations.DependsOn, "dependsOn", null),
            (Entities.Relations.DependencyOf, "dependencyOf", null), .. Memberships(),
        ];
        foreach (var (type, member, kind) in stated)
        {
            var targets =
                Spec[member] is JsonArray many ? many.Select(t => Reference(t, kind)) : [Reference(Spec[member], kind)];
            foreach (var target in targets) if (target is { } t) yield return (type, t);
        }
    }

    /// <summary>
    /// Who belongs to which group decides who may do what: only people and groups say it of themselves.
    /// </summary>
    private (string Type, string Member, string? Kind)[] Memberships() => Ref.Kind switch
    {
        "User" => [(Entities.Relations.MemberOf, "memberOf", "group")],
        "Group" =>
        [
            (Entities.Relations.ChildOf, "parent", "group"), (Entities.Relations.HasMember, "members", "user"),
            (Entities.Relations.ParentOf, "children", "group")
        ],
        _ => [],
    };

    /// <summary>Reads all entities of a descriptor file, or says with file and line what to change.</summary>
    public static Result<IReadOnlyList<Descriptor>> ParseAll(string text, string file) =>
        ParseAll(text, file, DescriptorLimits.File);

    internal static Result<IReadOnlyList<Descriptor>> ParseAll(string text, string file, YamlLimits limits)
    {
        if (limits.TooLarge(text) is not null)
        {
            return new Error(
                ErrorKind.TooLarge, "descriptor-too-large",
                $"{file} is larger than {limits.MaxBytes / 1_000_000} MB. Split it into several files.");
        }
        var result = new List<Descriptor>();
        var seen = new HashSet<EntityRef>();
        try
        {
            // One document after the other: places and the like of one are gone when the next is read.
            foreach (var document in Yaml.Read(text, limits))
            {
                if (result.Count == DescriptorLimits.MaxEntities)
                {
                    return new Error(
                        ErrorKind.TooLarge, "descriptor-too-large",
                        $"{file} describes more than {DescriptorLimits.MaxEntities} entities. Split it into several files.");
                }
                if (!Parse(document).TryGet(out var descriptor, out var error))
                {
                    return error with { Message = $"{file}, {error.Message}" };
                }
                if (!seen.Add(descriptor.Ref))
                {
                    return Error.Invalid(
                        "descriptor-invalid",
                        $"{file}, line {document.LineOf("/metadata/name")}: {descriptor.Ref} is described above already.");
                }
                result.Add(descriptor);
            }
        }
        catch (YamlFormatException e)
        {
            return Error.Invalid("descriptor-invalid", $"{file}, line {e.Line}: {e.Message}");
        }
        return result.Count > 0 ? result : Error.Invalid("descriptor-invalid", $"{file} holds no entity.");
    }

    /// <param name="above">Lines of the file that stand before the text that the document was read from.</param>
    internal static Result<Descriptor> Parse(YamlDocument document, int above = 0)
    {
        Error Wrong(string pointer, string what) =>
            Error.Invalid("descriptor-invalid", $"line {above + document.LineOf(pointer)}: {what}");
        if (document.Root is not JsonObject json) return Wrong("", "an entity must be a mapping.");
        if (Text1(json, "apiVersion") is not { } version || !Versions.Contains(version))
        {
            return Wrong("/apiVersion", $"apiVersion must be one of {string.Join(", ", Versions)}.");
        }
        if (Kinds.FirstOrDefault(
            k => k.Equals(Text1(json, "kind"), StringComparison.OrdinalIgnoreCase)) is not { } kind)
        {
            return Wrong("/kind", $"kind must be one of {string.Join(", ", Kinds)}.");
        }
        if (json["metadata"] is not JsonObject metadata) return Wrong("", "metadata is missing.");
        if (Text1(metadata, "name") is not { } name || !NamePattern().IsMatch(name))
        {
            return Wrong(
                "/metadata/name",
                "metadata.name must be 1 to 63 letters, digits, dashes, underscores or dots, starting and ending with a letter or digit.");
        }
        var ns = Text1(metadata, "namespace") ?? EntityRef.DefaultNamespace;
        if (!NamePattern().IsMatch(ns)) return Wrong("/metadata/namespace", "metadata.namespace is no valid name.");
        var made = new Descriptor(new EntityRef(kind, ns, name), json, document.Extent);
        if (made.Relations().Skip(DescriptorLimits.MaxRelations).Any())
        {
            return Wrong("/spec", $"it names more than {DescriptorLimits.MaxRelations} other entities.");
        }
        if (made.Relations().Select(r => r.Target).Append(made.System ?? made.Ref)
            .FirstOrDefault(t => t.Key.Length > DescriptorLimits.MaxReference) is { Name: not null } tooLong)
        {
            return Wrong(
                "/spec",
                $"'{Words.Short(tooLong.ToString())}' is no name of an entity: it is longer than {DescriptorLimits.MaxReference} characters.");
        }
        return made;
    }

    internal static bool IsName(string text) => NamePattern().IsMatch(text);

    private static EntityRef? Reference(JsonNode? node, string? kind) =>
        node is JsonValue value && value.TryGetValue<string>(out var text)
            && EntityRef.TryParse(text, kind, out var reference) ? reference : null;

    private static string? Text1(JsonObject? from, string name) =>
        from?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node is JsonArray array ? array.OfType<JsonValue>().Select(v => v.ToString()) : [];

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex NamePattern();
}
