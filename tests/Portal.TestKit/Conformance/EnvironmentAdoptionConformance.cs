using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IEnvironmentAdoption"/> keeps. An adapter inherits it, gives what is there to be adopted, and
/// passes.
/// </summary>
public abstract class EnvironmentAdoptionConformance : FailingHostConformance
{
    protected abstract IEnvironmentAdoption Adoption { get; }

    /// <summary>Of the same instance.</summary>
    protected abstract IEnvironmentHost Environments { get; }

    /// <summary>Something that somebody else has made and that runs, named so.</summary>
    /// <returns>Its id at the host.</returns>
    protected abstract Task<string> AddAsync(string name);

    /// <summary>What a person sees of it at the host: its marks, tags or labels.</summary>
    protected abstract IReadOnlyDictionary<string, string> MarksOf(string externalId);

    /// <summary>Somebody sets another mark on it.</summary>
    protected abstract void Mark(string externalId, string key, string value);

    /// <summary>How many things were made at the host so far.</summary>
    protected abstract int Made { get; }

    protected abstract void Remove(string externalId);

    /// <summary>A host that lists in pages: so few in one that a handful is more than one. Null: as usual.</summary>
    protected abstract void PageOf(int? count);

    /// <summary>Ids that none can have there, or that belong elsewhere.</summary>
    protected virtual IEnumerable<string> WrongIds =>
        ["", " ", "no id", "../..", "/", "a/b/c", new string('x', 5_000), "Ümlaut-日本", "%2e%2e"];

    protected static AdoptEnvironment Request(string externalId, string? id = null, string? mark = null)
    {
        id ??= "env-" + Guid.NewGuid().ToString("N")[..8];
        return new AdoptEnvironment(
            id, externalId, "dev", "dev", new RepositoryName("shop", "checkout"), mark ?? "mark-" + id,
            new Dictionary<string, string>
            {
                ["portal.owner"] = "group:default/checkout", ["service.name"] = "Bücher – 日本 & Söhne",
            });
    }

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var id = await AddAsync(NewName());
        var request = Request(id);
        var state = await Adoption.StateAsync(id, Cancellation);
        return
        [
            cancellation => Adoption.AdoptableAsync(cancellation),
            cancellation => Adoption.PlanAdoptionAsync(request, cancellation),
            cancellation => Adoption.AdoptAsync(request, cancellation),
            cancellation => Adoption.StateAsync(id, cancellation),
            cancellation => Adoption.ReleaseAsync(id, state, cancellation),
        ];
    }

    [Fact]
    public async Task Adoptable_MoreThanAPage_IsAllByNameWithoutWhatIsAdopted()
    {
        var names = Enumerable.Range(0, 5).Select(i => NewName(i % 2 == 0 ? "X" : "x")).ToList();
        foreach (var name in names) await AddAsync(name);
        PageOf(2);
        try
        {
            var found = await Adoption.AdoptableAsync(Cancellation);
            Assert.Equal(
                names.Order(StringComparer.OrdinalIgnoreCase), found.Select(f => f.Name).Where(names.Contains));
            Assert.Equal(found.Count, found.Select(f => f.ExternalId).Distinct().Count());
            var one = found.First(f => f.Name == names[0]);
            await Adoption.AdoptAsync(Request(one.ExternalId), Cancellation);
            Assert.DoesNotContain(await Adoption.AdoptableAsync(Cancellation), f => f.Name == names[0]);
        }
        finally
        {
            PageOf(null);
        }
    }

    [Fact]
    public async Task Plan_WhatIsThere_TellsItsChangeAndMakesNone()
    {
        var id = await AddAsync(NewName());
        var (marks, made) = (MarksOf(id), Made);
        var plan = await Adoption.PlanAdoptionAsync(Request(id), Cancellation);
        Assert.Contains(plan.Resources, r => r.Change == PlannedChange.Modify && r.Details.Count > 0);
        Assert.DoesNotContain(plan.Resources, r => r.Change is PlannedChange.Create or PlannedChange.Delete);
        Assert.Equal(marks, MarksOf(id));
        Assert.Equal(made, Made);
    }

    [Fact]
    public async Task Adopt_WhatIsThere_IsAnEnvironmentOfTheHostAndNothingIsMade()
    {
        var id = await AddAsync(NewName());
        var made = Made;
        var request = Request(id);
        var adopted = await Adoption.AdoptAsync(request, Cancellation);
        Assert.Equal(
            (request.Id, "dev", request.Repository, EnvironmentStatus.Running, request.Mark),
            (adopted.Id, adopted.Name, adopted.Repository, adopted.Status, adopted.Mark));
        Assert.Equal(adopted, await Adoption.AdoptAsync(request, Cancellation));
        Assert.Equal(adopted, await Environments.FindAsync(request.Id, Cancellation));
        Assert.Equal(adopted, await Environments.FindByMarkAsync(request.Mark, Cancellation));
        Assert.Contains(adopted, await Environments.ListAsync(Cancellation));
        Assert.Equal(made, Made);
        // All is as planned: nothing is left to change.
        Assert.DoesNotContain(
            (await Adoption.PlanAdoptionAsync(request, Cancellation)).Resources,
            r => r.Change is PlannedChange.Create or PlannedChange.Delete);
    }

    [Fact]
    public async Task Adopt_AnothersAlready_IsAConflictForWhomeverAsks()
    {
        var id = await AddAsync(NewName());
        var request = Request(id);
        await Adoption.AdoptAsync(request, Cancellation);
        var marks = MarksOf(id);
        foreach (var other in (AdoptEnvironment[])[Request(
            id), request with { Mark = "another" }, request with { Id = "env-another" }])
        {
            Assert.Equal(
                (ErrorKind.Conflict, "environment-adopted"),
                Of(await RefusedAsync(() => Adoption.AdoptAsync(other, Cancellation))));
            Assert.Equal(
                (ErrorKind.Conflict, "environment-adopted"),
                Of(await RefusedAsync(() => Adoption.PlanAdoptionAsync(other, Cancellation))));
        }
        Assert.Equal(marks, MarksOf(id));
    }

    [Fact]
    public async Task Adopt_SeveralAtOnce_IsOfOneAndTheOthersAreTold()
    {
        var id = await AddAsync(NewName());
        var requests = Enumerable.Range(0, 6).Select(_ => Request(id)).ToList();
        var calls = requests.Select(r => Task.Run(() => Adoption.AdoptAsync(r, Cancellation))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        var won = Assert.Single(calls, c => c.IsCompletedSuccessfully);
        Assert.All(calls.Where(c => c.IsFaulted), c =>
            Assert.Equal(
                (ErrorKind.Conflict, "environment-adopted"),
                Of(Assert.IsType<ProviderException>(c.Exception!.InnerException).Error)));
        var adopted = await won;
        Assert.Equal(adopted, await Environments.FindAsync(adopted.Id, Cancellation));
        foreach (var other in requests.Where(r => r.Id != adopted.Id))
        {
            Assert.Null(await Environments.FindAsync(other.Id, Cancellation));
        }
    }

    [Fact]
    public async Task Release_AfterAdopting_BringsBackWhatWasThereAndKeepsWhatOthersDid()
    {
        var id = await AddAsync(NewName());
        var request = Request(id);
        var before = MarksOf(id);
        var state = await Adoption.StateAsync(id, Cancellation);
        await Adoption.AdoptAsync(request, Cancellation);
        Assert.NotEqual(before, MarksOf(id));
        Mark(id, "since", "somebody's");
        for (var i = 0; i < 2; i++)
        {
            await Adoption.ReleaseAsync(id, state, Cancellation);
            Assert.Equal(
                before.Append(new("since", "somebody's")).OrderBy(m => m.Key), MarksOf(id).OrderBy(m => m.Key));
        }
        Assert.Null(await Environments.FindAsync(request.Id, Cancellation));
        // It can be adopted again, by whomever.
        Assert.Equal(EnvironmentStatus.Running, (await Adoption.AdoptAsync(Request(id), Cancellation)).Status);
    }

    [Fact]
    public async Task Call_WhatIsNotThere_IsNotFoundAndReleasingItIsFine()
    {
        var gone = await AddAsync(NewName());
        var state = await Adoption.StateAsync(gone, Cancellation);
        Remove(gone);
        foreach (var id in WrongIds.Append(gone))
        {
            foreach (var call in (Func<Task>[])[() => Adoption.AdoptAsync(Request(id), Cancellation), () =>
                Adoption.PlanAdoptionAsync(Request(id), Cancellation), () => Adoption.StateAsync(id, Cancellation)])
            {
                Assert.Equal((ErrorKind.NotFound, "environment-not-found"), Of(await RefusedAsync(call)));
            }
            await Adoption.ReleaseAsync(id, state, Cancellation);
        }
    }

    protected static string NewName(string start = "group") => $"{start}-{Guid.NewGuid():N}"[..20];

    private static async Task<Error> RefusedAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ProviderException>(call)).Error;

    private static (ErrorKind Kind, string Code) Of(Error error) => (error.Kind, error.Code);
}
