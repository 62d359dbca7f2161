using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Actions;

/// <summary>The repository that an action's input names, and who has it.</summary>
internal sealed record HostedRepository(IRepositoryHost Host, RepositoryName Name)
{
    /// <summary>From <c>organisation/name</c> (at the default host) or a clone or web URL.</summary>
    public static HostedRepository Of(ProviderRegistry providers, string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            if (providers.ForUrl(text) is { } found) return new HostedRepository(found.Host, found.Name);
            throw new ActionFailedException(
                $"No provider serves {text}. Configured hosts: {string.Join(", ", providers.All<IRepositoryHost>().SelectMany(h => h.Hosts))}. See Portal:Providers.");
        }
        if (!RepositoryName.TryParse(text, out var name))
        {
            throw new ActionFailedException(
                $"'{text}' is not a repository. Write organisation/name, or the address to clone it from.");
        }
        return new HostedRepository(providers.Default<IRepositoryHost>(), name.Value);
    }

    /// <summary>The same instance where it can do that too, else the default for it.</summary>
    public T Beside<T>(ProviderRegistry providers)
        where T : class, IProvider => providers.Find<T>(Host.Instance) ?? providers.Default<T>();
}

/// <summary>For actions: what a plan does not know yet, and what it would have made.</summary>
public static class PlannedUnknowns
{
    /// <summary>True when the text is not known before the run: only in a plan.</summary>
    public static bool IsUnknown(this ActionContext context, string input) =>
        UnknownValue.Is(context.Input[input], out _);

    /// <summary>False, only in a plan, where a part of one of them is not known before the run.</summary>
    public static bool Knows(this ActionContext context, params IEnumerable<string> inputs) =>
        inputs.All(i => IsKnown(context.Input[i]));

    private static bool IsKnown(JsonNode? value) => value switch
    {
        _ when UnknownValue.Is(value, out _) => false,
        JsonObject members => members.All(m => IsKnown(m.Value)),
        JsonArray items => items.All(IsKnown),
        _ => true,
    };

    /// <summary>The change is shown, its name and outputs are left to the run.</summary>
    public static void LeaveToRun(
        this ActionContext context, ActionDescription action, string verb, string what, string provider)
    {
        if (context is not PlanningContext plan)
        {
            throw new InvalidOperationException($"{action.Id} met an unknown value in a run.");
        }
        plan.Announce(new PlannedEffect(verb, what, "(name known after the run)", provider), action.Id);
        foreach (var (name, _) in action.Output["properties"]!.AsObject()) context.Outputs[name] =
            UnknownValue.Of($"{action.Id} {name}");
    }

    /// <summary>
    /// Notes, in a plan only, the files that a repository would begin with: later steps read them, and the review shows
    /// them.
    /// </summary>
    /// <param name="replaces">An earlier step may have made it: these files take the place of its.</param>
    public static void PlanRepository(
        this ActionContext context, RepositoryName name, FileTree tree, bool replaces = false)
    {
        if (context is not PlanningContext plan) return;
        if (replaces) plan.Repositories[name] = tree;
        else if (!plan.Repositories.TryAdd(name, tree)) throw new ActionFailedException(
            $"Two steps create the repository {name}. Give them different names.");
    }

    public static void TakeOutputs(this ActionContext context, JsonObject outputs)
    {
        foreach (var (name, value) in outputs)
        {
            if (value is not null) context.Outputs[name] = value.DeepClone();
        }
    }
}

internal static class EnvironmentInput
{
    /// <summary>The component that the input names, else the one that is called like its repository.</summary>
    public static EntityRef Component(this ActionContext context, RepositoryName repository)
    {
        if (context.IsUnknown("component") || context.Input.Text("component") is not { } text)
        {
            return EntityRef.Component(repository.Name.ToLowerInvariant());
        }
        return EntityRef.TryParse(text, "component", out var component)
            ? component.Value
            : throw ActionFailedException.Wrong(
                $"'{text}' is no component. Write an entity reference, such as component:default/orders.");
    }
}
