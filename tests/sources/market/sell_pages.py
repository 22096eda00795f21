"""Builders of sell pages in the layouts of 2020 and 2026, for tests of their readers."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

VISITOR = "visitor-who-saved-it"


@dataclass(frozen=True)
class Copy:
    """A copy as its page shows it; `price` is text, or with `value` and `currency` also attributes."""

    listing: int = 101
    release: int = 7
    title: str = "Artist 7 - Work 7 (LP, Album)"
    seller: str = "seller_1"
    price: str = "$12.50"
    value: str | None = None
    currency: str | None = None
    media: str = "Near Mint (NM or M-)"
    sleeve: str | None = "Very Good Plus (VG+)"
    shipping: str = "+$5.00"
    shipping_link: str | None = "shipping"
    rating: str | None = "99.8%"
    ratings: str = "1,234 ratings"
    country: str = "United States"
    comments: str = "Plays well"
    label: str = "Label 7"
    catno: str = "CAT 7"
    have: int = 87
    want: int = 3782
    details: str = "Details"
    row_class: str = ""
    root: str = ""


def row_2026(copy: Copy) -> str:
    """A table row as of May 2026: data attributes, tooltips, everything twice for phones."""
    attributes = f" data-currency={copy.currency} data-pricevalue={copy.value}" if copy.value else ""
    link = (
        f'<button class="show-shipping-methods">{copy.shipping_link}</button>' if copy.shipping_link else ""
    )
    cell = f"""<div><span class="price"{attributes}>{copy.price}</span><br />
        <span class="item_shipping">
        {copy.shipping}
                {link}</span></div>
        <div><span class="converted_price">about &euro;999.99 <span class="has-tooltip muted">+VAT
        <span class="tooltip sr-only">VAT may be applied at checkout.</span></span></span></div>"""
    return f"""<tr class="shortcut_navigable {copy.row_class}" data-release-id="{copy.release}">
      {_picture(copy, cell)}
      <td class="item_description"><strong>
        <a href="{copy.root}/sell/item/{copy.listing}" class="item_description_title" data-followable="true">{
        html.escape(copy.title)
    }</a></strong><br />
      {_label(copy)}
      <p class="item_condition"><span class="mplabel condition-label-desktop">Media Condition:</span>
        <span class="mplabel condition-label-mobile">Media:</span>
        <span>
        {copy.media}
          <span class="has-tooltip" role="note"><i class="icon icon-info-circle muted"></i>
          <span class="tooltip sr-only"><span class="tooltip-inner">A Good (G) tooltip.</span></span></span>
        </span><br />{_sleeve(copy)}</p>
      <p class="hide_mobile">
            {html.escape(copy.comments)}<br>
      </p>
      <a href="{copy.root}/release/{
        copy.release
    }-Work" class="item_release_link hide_mobile">View Release Page</a></td>
      {_seller(copy)}
      <td class="hide-desktop mobile-description"></td>
      <td class="item_price hide_mobile">{cell}</td>
      {_cart(copy)}
    </tr>"""


def row_2020(copy: Copy) -> str:
    """A table row as of April 2020: prices are text only, long remarks are folded."""
    link = f'<a class="show-terms-link" data-seller-username="{copy.seller}">{copy.shipping_link}</a>'
    cell = (
        f'<span class="price">{copy.price}</span> <br>'
        f'<span class="item_shipping"> {copy.shipping}{link if copy.shipping_link else ""}</span>'
        '<span class="converted_price"><span>environ</span> 999,99&nbsp;€ <span>total</span></span>'
    )
    head, tail = copy.comments[:20], copy.comments[20:]
    folded = f'<span id="hidden-comments-{copy.listing}" style="display:none;">{html.escape(tail)}</span>'
    button = '<a class="toggledots button" href="#" title="Afficher plus"><i class="icon"></i></a>'
    return (
        f'<tr class="shortcut_navigable {copy.row_class}"> {_picture(copy, cell)}'
        f'<td class="item_description"> <strong> <a href="{copy.root}/fr/sell/item/{copy.listing}" '
        f'class="item_description_title">{html.escape(copy.title)}</a> </strong> <br>'
        f'{_label(copy)}<p class="item_condition"> <span class="mplabel condition-label-desktop"> État: '
        f'</span> <span class="mplabel condition-label-mobile">Média:</span> <span> {copy.media} </span> <br>'
        f'{_sleeve(copy)}</p><p class="hide_mobile"> {html.escape(head)}{folded if tail else ""} '
        f'{button if tail else ""}<br></p><a href="{copy.root}/fr/Work/release/{copy.release}" '
        'class="item_release_link hide_mobile">Page</a> </td>'
        f"{_seller(copy)}"
        '<td class="hide-desktop mobile-description"> </td>'
        f'<td class="item_price hide_mobile"> {cell} </td>{_cart(copy)}</tr>'
    )


def page(rows: Sequence[str], *, counts: str | None = None, action: str = "/sell/release/7") -> str:
    """A whole page around rows, with its visitor's name and token in the usual places."""
    counts = counts if counts is not None else f"1 &ndash; {len(rows)} of {len(rows)}"
    total = f'<strong class="pagination_total">\n        {counts}    </strong>'
    return f"""
    <!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Copies for sale</title>
<script>window.data = {{"username": "{VISITOR}", "token": "secret"}};
window.row = "<tr class=shortcut_navigable>";</script>
<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script></head>
<body><div id="site_headers_user"><a href="/user/{VISITOR}">{VISITOR}</a></div>
<!-- <tr class="shortcut_navigable item_price"> -->
<div id="pjax_container"><form action="{action}" method="get" data-section="general">{total}</form>
<table class="table_block mpitems push_down table_responsive"><thead><tr><th>Price</th></tr></thead>
<tbody>{"".join(rows)}</tbody></table></div><div id="site_footer_wrap"></div></body></html>"""


def _picture(copy: Copy, cell: str) -> str:
    return f"""<td class="item_picture as_float"><div class="hide_mobile community_data_text">
      <div class="community_result"><span class="have_indicator "><span class="community_number">
        {copy.have:,}</span></span><span class="community_label">{copy.have} have</span></div>
      <div class="community_result"><span class="want_indicator high_want"><span class="community_number">
        {copy.want}</span></span></div></div><div class="hide-desktop">{cell}</div></td>"""


def _label(copy: Copy) -> str:
    name = html.escape(copy.label)
    return (
        '<p class="hide_mobile label_and_cat"><span class="mplabel">Label:</span>'
        f'<a href="/label/3-L">{name}</a>, <a href="/label/3-L">{name}</a><br />'
        '<span class="mplabel">Cat#:</span> '
        f'<span class="item_catno">{html.escape(copy.catno)}</span><br /></p>'
    )


def _sleeve(copy: Copy) -> str:
    if copy.sleeve is None:
        return ""
    return (
        '<span class="mplabel condition-label-desktop">Sleeve Condition:</span>'
        f'<span class="item_sleeve_condition">{copy.sleeve}</span><br />'
    )


def _seller(copy: Copy) -> str:
    rating = f"<strong>{copy.rating}</strong><span>,</span>" if copy.rating else "<span>New seller</span>"
    feedback = (
        f'<a href="{copy.root}/sell/seller_feedback/{copy.seller}" class="section_link">{copy.ratings}</a>'
        if copy.rating
        else ""
    )
    return f"""<td class="seller_info"><ul><li><div class="seller_block">
      <span class="mplabel seller_label">Seller:</span> <strong>
      <a href="{copy.root}/seller/{copy.seller}/profile">{copy.seller}</a></strong></div></li>
      <li><span class="star_rating"><i class="icon icon-star"></i></span> {rating} {feedback}</li>
      <li><span class="mplabel">Ships From:</span>{copy.country}</li>
      <li class="seller_mywants" data-username="{copy.seller}"><strong>
      <a href="{copy.root}/seller/{copy.seller}/mywants?ev=hxiiw">Has 2 more items I want</a></strong></li>
      </ul></td>"""


def _cart(copy: Copy) -> str:
    return f"""<td class="item_add_to_cart item_add_to_cart_desktop"><a class="button cart-button "
      data-item-id="{copy.listing}" data-seller-id="55" href="{copy.root}/sell/cart/?add={copy.listing}&ev="
    >Add&nbsp;to&nbsp;Cart</a><p><a href="{copy.root}/sell/item/{copy.listing}?ev=bp_det"><strong>
      {copy.details}</strong></a></p></td>"""


BOT_CHECK = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="360"></head><body><noscript>Enable JavaScript to continue</noscript>
<script>window._cf_chl_opt = {cType: 'managed'};</script></body></html>"""
