using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Web.Controls;

/// <summary>An inline SVG icon, in the colour of the text around it.</summary>
public sealed class Icon : ComponentBase
{
    /// <summary>A Lucide name that stands in <c>Browser/icons.txt</c>.</summary>
    [Parameter, EditorRequired] public required string Name { get; set; }

    /// <summary>Side in CSS pixels.</summary>
    [Parameter] public int Size { get; set; } = 16;

    /// <summary>What it says where no word stands beside it; null = decoration, hidden from screen readers.</summary>
    [Parameter] public string? Label { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) =>
        builder.AddMarkupContent(0, IconPaths.Svg(Name, Size, Label));
}
