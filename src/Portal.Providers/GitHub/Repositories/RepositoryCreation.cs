using System.Net;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>
/// Makes a repository with its first commit, which GitHub cannot do at once. The first call sets the mark and that the
/// making is not over; the last takes the latter away. Whoever comes with the same mark goes on where the one before
/// stopped.
/// </summary>
internal sealed class RepositoryCreation(
    GitHubApi client, GitHubOptions options, GitHubAccounts accounts, MarkReader marks, TimeProvider time)
{
    /// <summary>The longest description that GitHub keeps.</summary>
    private const int LongestDescription = 350;

    /// <summary>Calls for one repository go one after the other; others rarely meet.</summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <returns>
    /// The repository as GitHub tells it, and its first commit; null for the commit when it was whole before.
    /// </returns>
    public async Task<(RepositoryBody Repository, string? Commit)> CreateAsync(
        CreateRepository request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        GitNames.CheckBranch(request.DefaultBranch);
        GitNames.CheckTree(request.Tree);
        if (request.Tree.Count == 0)
        {
            throw ProviderException.Invalid(
                "tree-empty", "There is no file to put into the repository: a first commit needs one.");
        }
        var turn =
            turns[(uint)StringComparer.OrdinalIgnoreCase.GetHashCode(request.Name.ToString()) % (uint)turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            return await InTurnAsync(request, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<(RepositoryBody, string?)> InTurnAsync(CreateRepository request, CancellationToken cancellation)
    {
        var isOrganisation = await accounts.IsOrganisationAsync(request.Name.Organisation, cancellation);
        var usesProperty = isOrganisation && options.MarkProperty.Length > 0;
        var begun = await BeginAsync(request, isOrganisation, usesProperty, cancellation);
        if (begun.IsWhole) return (begun.Repository, null);
        var commit = await new FirstCommit(client, time)
            .MakeAsync(request, begun.Repository.DefaultBranch, cancellation);
        if (request.Settings.Topics.Count > 0)
        {
            await client.SetTopicsAsync(request.Name, request.Settings.Topics, cancellation);
        }
        return (await FinishAsync(request, usesProperty, cancellation), commit);
    }

    private async Task<(RepositoryBody Repository, bool IsWhole)> BeginAsync(
        CreateRepository request, bool isOrganisation, bool usesProperty, CancellationToken cancellation)
    {
        var (name, body) = (request.Name, Body(request, isOrganisation, usesProperty));
        try
        {
            return (
                isOrganisation
                ? await client.CreateRepositoryAsync(name.Organisation, body, r => Refusal(name, r), cancellation)
                : await OwnAsync(name, body, cancellation),
                false);
        }
        catch (ProviderException taken) when (taken.Error.Code == RepositoryErrors.Exists)
        {
            var found = await client.FindRepositoryAsync(name, cancellation);
            if (found is null || marks.Of(found) is not { } mark || mark.Run != request.Mark
                || !found.FullName.Equals(name.ToString(), StringComparison.OrdinalIgnoreCase)) throw;
            return (found, !mark.IsMaking);
        }
    }

    private async Task<RepositoryBody> OwnAsync(RepositoryName name, NewRepository body, CancellationToken cancellation)
    {
        if (options.IsApp) throw ProviderException.Invalid("github-person",
            $"{name.Organisation} is a person's account, in which an app cannot create repositories: take an "
                + $"organisation, or give {GitHubOptions.SectionOf(client.Instance)}:Token.");
        // GitHub makes it for whoever the token belongs to, whatever was meant.
        var login = await client.GetLoginAsync(cancellation);
        if (!login.Equals(name.Organisation, StringComparison.OrdinalIgnoreCase))
        {
            throw ProviderException.Invalid("github-person",
                $"The token of {client.Instance} belongs to {login} and cannot create repositories for "
                    + $"{name.Organisation}.");
        }
        return await client.CreateOwnRepositoryAsync(login, body, r => Refusal(name, r), cancellation);
    }

    private async Task<RepositoryBody> FinishAsync(
        CreateRepository request, bool usesProperty, CancellationToken cancellation)
    {
        var whole = RepositoryMark.Of(request) with { IsMaking = false };
        var last = new ChangedRepository { AllowUpdateBranch = request.Settings.AllowUpdateBranch };
        if (!usesProperty)
        {
            return await client.ChangeRepositoryAsync(
                request.Name, last with { Homepage = whole.Homepage(request) }, cancellation);
        }
        if (last.AllowUpdateBranch is not null) await client.ChangeRepositoryAsync(request.Name, last, cancellation);
        await client.SetPropertiesAsync(
            request.Name, [new PropertyValue(options.MarkProperty, Json(whole.Property))], cancellation);
        return await client.FindRepositoryAsync(request.Name, cancellation)
            ?? throw ProviderException.NotFound(
                "repository-gone", $"The repository {request.Name} was taken away while it was made.");
    }

    private NewRepository Body(CreateRepository request, bool isOrganisation, bool usesProperty)
    {
        var (settings, mark) = (request.Settings, RepositoryMark.Of(request));
        var visibility = settings.Visibility
            ?? Enum.Parse<RepositoryVisibility>(options.DefaultVisibility, ignoreCase: true);
        var homepage = usesProperty ? settings.Homepage ?? request.RunUrl ?? "" : mark.Homepage(request);
        return new NewRepository(
            request.Name.Name, Description(request.Description), homepage, visibility != RepositoryVisibility.Public)
        {
            Visibility = visibility == RepositoryVisibility.Internal && isOrganisation ? "internal" : null,
            HasIssues = settings.HasIssues, HasProjects = settings.HasProjects, HasWiki = settings.HasWiki,
            AllowMergeCommit = settings.AllowMergeCommit, AllowSquashMerge = settings.AllowSquashMerge,
            AllowRebaseMerge = settings.AllowRebaseMerge,
            AllowAutoMerge = settings.AllowAutoMerge, DeleteBranchOnMerge = settings.DeleteBranchOnMerge,
            SquashMergeCommitTitle =
                settings.SquashMergeCommitTitle, SquashMergeCommitMessage = settings.SquashMergeCommitMessage,
            CustomProperties = isOrganisation ? Properties(settings, usesProperty ? mark : null) : null,
        };
    }

    private Dictionary<string, JsonElement>? Properties(RepositorySettings settings, RepositoryMark? mark)
    {
        var properties = settings.CustomProperties.ToDictionary(p => p.Key, p => Json(p.Value), StringComparer.Ordinal);
        if (mark is not null) properties[options.MarkProperty] = Json(mark.Property);
        return properties.Count > 0 ? properties : null;
    }

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text, GitHubJson.Default.String);

    /// <summary>GitHub takes one line without control characters.</summary>
    internal static string Description(string text)
    {
        var line = string.Concat(text.ReplaceLineEndings(" ").Where(c => !char.IsControl(c))).Trim();
        return line.Length <= LongestDescription ? line : line[..(LongestDescription - 1)] + "…";
    }

    private Error? Refusal(RepositoryName name, ProviderRefusal refusal)
    {
        var said = GitHubSaid.Read(refusal.Body);
        return refusal.Status switch
        {
            HttpStatusCode.UnprocessableEntity when said.Has("already exists") =>
                RepositoryErrors.NameTaken(name),
            HttpStatusCode.UnprocessableEntity when said.Has("custom propert") && options.MarkProperty.Length > 0 =>
                Error.Invalid("github-property",
                    $"{name.Organisation} has no usable custom property {options.MarkProperty} ({said.Text}) Make it "
                        + "there as text (Settings, Custom properties), or empty "
                            + $"{GitHubOptions.SectionOf(client.Instance)}:MarkProperty."),
            HttpStatusCode.UnprocessableEntity when said.Has("isibility") => Error.Invalid("github-visibility",
                $"{name.Organisation} does not allow a repository of that visibility ({said.Text}) Choose another in "
                    + $"the template or as {GitHubOptions.SectionOf(client.Instance)}:DefaultVisibility."),
            HttpStatusCode.Forbidden when said.Has("adding a repository") || (said.Has(
                "creat") && said.Has("repositor")) => Error.Forbidden("github-no-creation",
                    $"{name.Organisation} forbids creating repositories ({said.Text}) An owner allows it under "
                        + "Settings, Member privileges, or installs the portal's app with Administration: write."),
            HttpStatusCode.NotFound => Error.Forbidden("github-no-creation",
                $"{client.Instance} may not create repositories in {name.Organisation}: "
                    + $"{(options.IsApp ? "give the app Administration: write" : "give the token the scope repo (classic) or Administration: write (fine-grained)")}, and check the organisation's name."),
            _ => null,
        };
    }
}

/// <summary>Reads the mark from where the instance's settings have it.</summary>
internal sealed class MarkReader(GitHubOptions options)
{
    /// <summary>
    /// The property first: it is what the organisation chose. A website is what repositories of people have.
    /// </summary>
    public RepositoryMark? Of(RepositoryBody repository) =>
        (options.MarkProperty.Length > 0
            && repository.CustomProperties?.TryGetValue(options.MarkProperty, out var value) == true
            && value.ValueKind == JsonValueKind.String
            ? RepositoryMark.FromProperty(value.GetString()) : null)
        ?? RepositoryMark.FromHomepage(repository.Homepage);
}
