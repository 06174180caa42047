/** People and towns of the training documents; all invented. */

export const trainFirstNames =
  `Anna Ben Carla David Emma Felix Gina Henry Ida Jack Kate Leo Mia Noah Olga Paul Rosa Sam Tina Victor Wanda Adam Bella
Chris Diana Eric Fiona George Helen Ivan Julia Kevin Laura Mark Nina Oscar Petra Ralph Sara Tom`.split(/\s/)

export const trainLastNames =
  `Baker Carter Dawson Ellis Fisher Green Harris Irving Jones Keller Lewis Mason Norris Owens Parker Quinn Reed Sutton
Turner Vance Walker Young Abbott Burton Clark Dixon Evans Ford Grant Hughes`.split(/\s/)

export const trainTowns =
  `Ashford Birchdale Cliffton Dunmore Eastbrook Fairview Greenhill Harlow Ivybridge Kingsley Longport Milltown Northgate
Oakwood Pinewood Redbridge Seaview Stonehaven Westfield Winterton`.split(/\s/)
