using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>A catalog and environment records in memory.</summary>
public sealed class FakeRecords : ICatalogWriter, IEnvironmentRecords
{
    public ConcurrentDictionary<string, JsonObject> Entities { get; } = new(StringComparer.Ordinal);

    public List<RegisterDescriptor> Registered { get; } = [];

    public List<string> Unregistered { get; } = [];

    public List<NewEnvironment> Environments { get; } = [];

    public List<string> Gone { get; } = [];

    public List<string> Released { get; } = [];

    public Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(
        RegisterDescriptor request, Actor actor, CancellationToken cancellation)
    {
        Registered.Add(request);
        if (!Descriptor.ParseAll(request.Text, "catalog-info.yaml").TryGet(out var entities, out var error))
        {
            return Task.FromResult<Result<IReadOnlyList<EntityRef>>>(error);
        }
        foreach (var entity in entities) Entities[entity.Ref.Key] = entity.Json;
        return Task.FromResult(Result<IReadOnlyList<EntityRef>>.Ok([.. entities.Select(e => e.Ref)]));
    }

    public Task<NameLook> LookAsync(RegisterDescriptor request, Actor actor, CancellationToken cancellation) =>
        Task.FromResult(NameLook.None);

    public Task<Result<int>> UnregisterAsync(
        string location, Actor actor, CancellationToken cancellation, Guid? run = null, NamedRepository? of = null)
    {
        Unregistered.Add(location);
        return Task.FromResult<Result<int>>(1);
    }

    public Task<RegisterDescriptor?> FindRegistrationAsync(
        string location, CancellationToken cancellation, NamedRepository? of = null) =>
        Task.FromResult(Registered.LastOrDefault(r => r.Location == location));

    public Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation) =>
        Task.FromResult(Entities.TryGetValue(entity.Key, out var found) ? found.DeepClone().AsObject() : null);

    public Task<Result<Done>> ReserveAsync(NewEnvironment environment, CancellationToken cancellation) =>
        Task.FromResult(Result<Done>.Ok(Done.Instance));

    public Task ForgetReservationAsync(string id, CancellationToken cancellation) => Task.CompletedTask;

    public Task RecordCreatedAsync(NewEnvironment environment, EnvironmentInfo info, CancellationToken cancellation)
    {
        if (!Environments.Exists(e => e.Id == environment.Id)) Environments.Add(environment);
        return Task.CompletedTask;
    }

    public Task RecordGoneAsync(string id, Actor actor, CancellationToken cancellation)
    {
        Gone.Add(id);
        return Task.CompletedTask;
    }

    public Task RecordReleasedAsync(string id, Actor actor, CancellationToken cancellation)
    {
        Released.Add(id);
        return Task.CompletedTask;
    }

    public Task<PortalEnvironment?> FindAsync(EntityRef component, string name, CancellationToken cancellation) =>
        Task.FromResult<PortalEnvironment?>(null);
}
