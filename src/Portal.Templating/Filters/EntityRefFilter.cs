namespace Portal.Templating.Filters;

/// <summary><c>parseEntityRef</c>: <c>[kind:][namespace/]name</c> or an object of these parts.</summary>
internal static class EntityRefFilter
{
    public static Value Parse(Value reference, Value defaults)
    {
        if (!reference.IsTruthy) throw new EvaluationError("Entity reference must not be empty");

        var kind = Default(defaults, "defaultKind");
        var fallback = Default(defaults, "defaultNamespace");
        var @namespace = fallback.IsTruthy ? fallback : Value.From("default");
        Value name;
        if (reference.IsText)
        {
            var parts = Split(reference.AsString);
            kind = parts.Kind is null ? kind : Value.From(parts.Kind);
            @namespace = parts.Namespace is null ? @namespace : Value.From(parts.Namespace);
            name = Value.From(parts.Name);
        }
        else
        {
            kind = Member(reference, "kind") is { IsNullish: false } given ? given : kind;
            @namespace = Member(reference, "namespace") is { IsNullish: false } other ? other : @namespace;
            name = Member(reference, "name");
        }

        Require(kind, reference, "kind (e.g. did not start with \"component:\" or similar)");
        Require(@namespace, reference, "namespace");
        Require(name, reference, "name");
        return Value.From(new ObjectValue().Set("kind", kind).Set("namespace", @namespace).Set("name", name));
    }

    private static (string? Kind, string? Namespace, string Name) Split(string reference)
    {
        var colon = reference.IndexOf(':');
        var slash = reference.IndexOf('/');
        // A slash ahead of the colon makes the colon part of the name.
        if (slash >= 0 && slash < colon) colon = -1;

        var kind = colon < 0 ? null : reference[..colon];
        var @namespace = slash < 0 ? null : reference[(colon + 1)..slash];
        var name = reference[(Math.Max(colon, slash) + 1)..];
        return kind == "" || @namespace == "" || name == ""
            ? throw new EvaluationError(
                $"Entity reference \"{reference}\" was not on the form [<kind>:][<namespace>/]<name>")
            : (kind, @namespace, name);
    }

    private static void Require(Value part, Value reference, string what)
    {
        if (!part.IsTruthy)
        {
            throw new EvaluationError($"Entity reference {JsonText.Write(reference, "")} had missing or empty {what}");
        }
    }

    private static Value Default(Value defaults, string name) => Member(defaults, name);

    private static Value Member(Value value, string name) =>
        value.Kind == ValueKind.Object ? value.AsObject[name] : Value.Undefined;
}
