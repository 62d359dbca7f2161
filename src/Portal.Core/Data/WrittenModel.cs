using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Core.Data;

/// <summary>
/// The model as <c>./portal migration</c> wrote it down from the mappings: to make it of them again would take a fifth
/// of a start. A test holds that they agree.
/// </summary>
internal static class WrittenModel
{
    private const string Name = $"{DataSetup.MigrationsAssembly}.Model.PortalDbContextModel";

    private static readonly Lazy<IModel?> Model = new(() =>
        (IModel?)Assembly.Load(DataSetup.MigrationsAssembly).GetType(Name)?.GetProperty("Instance")?.GetValue(null));

    /// <summary>Where it is not written yet, the model is made of the mappings.</summary>
    public static DbContextOptionsBuilder UseWrittenModel(this DbContextOptionsBuilder options) =>
        Model.Value is { } model ? options.UseModel(model) : options;
}
