using System.Reflection;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>What the scheduler refuses is told by its types and by what it has, whatever its words are.</summary>
public sealed class RunSchedulerTests
{
    private static readonly Guid Run = Guid.CreateVersion7();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schedule_JobThatEndsMeanwhile_IsScheduledAnew()
    {
        var quartz = FakeQuartz.Of(
            new ObjectAlreadyExistsException("Da ist schon einer."), new JobPersistenceException("Der ist weg."), null);

        await new RunScheduler(quartz.Factory).ScheduleAsync(Run, Cancellation);

        Assert.Equal(3, quartz.Calls);
    }

    [Fact]
    public async Task Schedule_JobThatIsAtIt_GetsASecondTrigger()
    {
        var quartz = FakeQuartz.Of(new ObjectAlreadyExistsException("Da ist schon einer."), null);

        await new RunScheduler(quartz.Factory).ScheduleAsync(Run, Cancellation);

        Assert.Equal(2, quartz.Calls);
    }

    [Fact]
    public async Task Schedule_SomethingElseIsWrong_IsNoSilence()
    {
        var first = FakeQuartz.Of(new JobPersistenceException("The table does not exist."));
        var second = FakeQuartz.Of(
            new ObjectAlreadyExistsException("Da ist schon einer."),
            new JobPersistenceException("The table does not exist."));
        second.HasJob = true;

        await Assert.ThrowsAsync<JobPersistenceException>(
            () => new RunScheduler(first.Factory).ScheduleAsync(Run, Cancellation));
        await Assert.ThrowsAsync<JobPersistenceException>(
            () => new RunScheduler(second.Factory).ScheduleAsync(Run, Cancellation));
    }

    [Fact]
    public async Task Wake_JobThatIsNotKnownYet_IsNoTrouble()
    {
        var quartz = FakeQuartz.Of(new JobPersistenceException("Den gibt es nicht."));

        await quartz.Factory.WakeAsync(new JobKey("look"), Cancellation);

        Assert.Equal(1, quartz.Calls);
    }

    [Fact]
    public async Task Wake_SomethingElseIsWrong_IsNoSilence()
    {
        var quartz = FakeQuartz.Of(new JobPersistenceException("The table does not exist."));
        quartz.HasJob = true;

        await Assert.ThrowsAsync<JobPersistenceException>(
            () => quartz.Factory.WakeAsync(new JobKey("look"), Cancellation));
    }

#pragma warning disable CA1852, CA2012 // A proxy is derived from, and hands value tasks on as objects.
    /// <summary>A scheduler that answers each call to schedule as it is told.</summary>
    private class FakeQuartz : DispatchProxy
    {
        private Queue<Exception?> answers = new();

        public int Calls { get; private set; }

        public bool HasJob { get; set; }

        public ISchedulerFactory Factory { get; private set; } = null!;

        public static FakeQuartz Of(params Exception?[] answers)
        {
            var scheduler = Create<IScheduler, FakeQuartz>();
            var fake = (FakeQuartz)(object)scheduler;
            fake.answers = new Queue<Exception?>(answers);
            fake.Factory = Create<ISchedulerFactory, FakeFactory>();
            ((FakeFactory)(object)fake.Factory).Scheduler = scheduler;
            return fake;
        }

        protected override object? Invoke(MethodInfo? method, object?[]? args)
        {
            if (method!.Name == nameof(IScheduler.Exists)) return ValueTask.FromResult(HasJob);
            Calls++;
            return answers.Dequeue() is { } failure
                ? ValueTask.FromException<DateTimeOffset>(failure)
                : ValueTask.FromResult(DateTimeOffset.UnixEpoch);
        }
    }

    private class FakeFactory : DispatchProxy
    {
        public IScheduler Scheduler { get; set; } = null!;

        protected override object? Invoke(MethodInfo? method, object?[]? args) => ValueTask.FromResult(Scheduler);
    }
}
