using Portal.Providers.Local.Pipelines.Runs;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class JobSlotsTests
{
    private readonly JobSlots slots = new(1);
    private readonly List<string> order = [];

    [Fact]
    public async Task Enter_TeamWithHundredsOfRuns_TheOtherTeamIsNext()
    {
        await OrderAsync([.. Enumerable.Range(0, 250).Select(i => new JobOwner(
            "many", "ana", $"many-{i}")), new JobOwner("few", "bob", "few-1"), new JobOwner("few", "bob", "few-2")]);

        Assert.Equal(["many-0", "few-1", "many-1", "few-2", "many-2"], order.Take(5));
        Assert.Equal(252, order.Count);
    }

    [Fact]
    public async Task Enter_SeveralPlaces_TheyAreSharedByTeamThenPerson()
    {
        var three = new JobSlots(3);
        using var first = await three.EnterAsync(new JobOwner("a", "ana", "1"), CancellationToken.None);
        using var second = await three.EnterAsync(new JobOwner("a", "ana", "2"), CancellationToken.None);
        var third = await three.EnterAsync(new JobOwner("a", "ben", "3"), CancellationToken.None);
        var sameTeamSamePerson = three.EnterAsync(new JobOwner("a", "ana", "4"), CancellationToken.None);
        var sameTeamOther = three.EnterAsync(new JobOwner("a", "ben", "5"), CancellationToken.None);
        var otherTeam = three.EnterAsync(new JobOwner("b", "cem", "6"), CancellationToken.None);

        third.Dispose();
        (await otherTeam).Dispose();
        (await sameTeamOther).Dispose();
        Assert.NotNull(await sameTeamSamePerson);
    }

    [Fact]
    public async Task Enter_Cancelled_GivesNoPlaceAway()
    {
        using var stop = new CancellationTokenSource();
        var held = await slots.EnterAsync(new JobOwner("a", null, "1"), CancellationToken.None);
        var waits = slots.EnterAsync(new JobOwner("a", null, "2"), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        held.Dispose();
        Assert.NotNull(await slots.EnterAsync(new JobOwner("a", null, "3"), CancellationToken.None));
    }

    /// <summary>All wait behind one that has the place; each gives it on at once.</summary>
    private async Task OrderAsync(IReadOnlyList<JobOwner> owners)
    {
        var held = await slots.EnterAsync(new JobOwner("none", null, "none"), CancellationToken.None);
        var all = owners.Select(async owner =>
        {
            using var place = await slots.EnterAsync(owner, CancellationToken.None);
            lock (order) order.Add(owner.Run);
        }).ToList();
        held.Dispose();
        await Task.WhenAll(all);
    }
}
